import type { Signature } from "../../catalog/contract.ts";
import { headerOf } from "../envelope.ts";
import type { ContractModel, Declaration } from "../model.ts";
import { algorithmsOf, messageOf } from "../receiver-contract.ts";
import type { SignatureAlgorithm } from "../receiver-contract.ts";
import { bodyOf, known } from "./requests.ts";
import { secretsOf } from "./signing.ts";
import type { SecretName } from "./signing.ts";
import type { Sample } from "./sites.ts";
import { type Case, type Expected, signedAt } from "./vector.ts";

/** Signatures good and bad. A contract that signs nothing has none. */
export function signatureCases(contract: ContractModel, sample: Sample): readonly Case[] {
  const { declaration } = contract;
  const { signature, secret } = declaration;
  const header = headerOf(declaration, "signature");
  if (signature === null || secret === null || header === null) return [];
  const body = bodyOf(contract, [JSON.stringify(sample.event)]);
  const accepted: Expected = { ok: true, events: [known(sample)] };
  const said = { header, body, accepted };
  return [
    ...algorithmsOf(signature, secret).flatMap((algorithm, index) =>
      algorithmCases(declaration, { ...said, algorithm, index }),
    ),
    { name: "no signature header", body, headers: without(header), expect: refused("missing_header") },
    { name: "header names in lower case", body, headers: inLowerCase, expect: accepted },
    ...ageCases(signature, said),
  ];
}

interface Said {
  readonly header: string;
  readonly body: string;
  readonly accepted: Expected;
}

/** What every algorithm has to take and refuse; of the second one, by a receiver that has nothing of the first. */
function algorithmCases(
  declaration: Declaration,
  {
    header,
    body,
    accepted,
    algorithm,
    index,
  }: Said & { readonly algorithm: SignatureAlgorithm; readonly index: number },
): readonly Case[] {
  const textOf = (name: SecretName) => secretsOf(declaration, name)[index] ?? "";
  const by = index === 0 ? "" : `, to a receiver with a secret that begins with ${algorithm.secretPrefix}`;
  const secrets = [textOf("current")];
  // The signature of a message stands behind its label and a colon.
  const message = messageOf(declaration);
  const prefix = message === null ? algorithm.prefix : `${message.label}=:`;
  const tamper = (headers: Headers) => ({ ...headers, [header]: tampered(headers[header] ?? "", prefix) });
  const cases: readonly Case[] = [
    ...(index === 0 ? [] : [{ name: "signed", body, expect: accepted }]),
    { name: "tampered body", body, sent: `${body} `, expect: refused("no_matching_signature") },
    { name: "tampered signature", body, headers: tamper, expect: refused("no_matching_signature") },
    { name: "wrong secret", body, secrets: [textOf("another")], expect: refused("no_matching_signature") },
    {
      name: "rotated, signed with the second secret",
      body,
      signing: { secrets: ["previous"] },
      secrets: [textOf("current"), textOf("previous")],
      expect: accepted,
    },
    ...(messageOf(declaration) === null ? (["current", "previous"] as const) : []).map((name) => ({
      name: `rotated, both signatures in the header, the receiver has the ${name === "current" ? "first" : "second"} secret`,
      body,
      signing: { secrets: ["current", "previous"] as const },
      secrets: [textOf(name)],
      expect: accepted,
    })),
  ];
  return cases.map((each) => ({ secrets, ...each, name: each.name + by }));
}

function ageCases(signature: Signature, { body, accepted }: Said): readonly Case[] {
  if (signature.timestamp === null)
    return [{ name: "kept for ten years", body, now: signedAt + 10 * yearMs, expect: accepted }];
  const { toleranceSeconds, toleranceSides } = signature;
  const toleranceMs = toleranceSeconds * 1000;
  const tooNew = toleranceSides === "past" ? accepted : refused("timestamp_too_new");
  return [
    { name: "as old as the tolerance", body, now: signedAt + toleranceMs, expect: accepted },
    { name: "older than the tolerance", body, now: signedAt + toleranceMs + 1, expect: refused("timestamp_too_old") },
    { name: "as far in the future as the tolerance", body, now: signedAt - toleranceMs, expect: accepted },
    { name: "further in the future than the tolerance", body, now: signedAt - toleranceMs - 1, expect: tooNew },
  ];
}

const yearMs = 365 * 24 * 3_600_000;

type Headers = Readonly<Record<string, string>>;

function refused(code: string): Expected {
  return { ok: false, code };
}

/** The first digit of the first signature is another one; it is a digit of hexadecimal and of base64 alike. */
function tampered(header: string, prefix: string): string {
  const at = header.indexOf(prefix) + prefix.length;
  return `${header.slice(0, at)}${header[at] === "0" ? "1" : "0"}${header.slice(at + 1)}`;
}

function without(name: string) {
  return (headers: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name));
}

function inLowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
