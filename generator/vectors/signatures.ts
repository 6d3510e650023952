import type { ContractModel } from "../model.ts";
import { headerOf } from "../envelope.ts";
import { bodyOf, known } from "./requests.ts";
import { secretOf } from "./signing.ts";
import type { Sample } from "./sites.ts";
import { type Case, type Expected, signedAt } from "./vector.ts";

/** Signatures good and bad. A contract that signs nothing has none. */
export function signatureCases(contract: ContractModel, sample: Sample): readonly Case[] {
  const { declaration } = contract;
  const { signature } = declaration;
  const header = headerOf(declaration, "signature");
  if (signature === null || header === null) return [];
  const body = bodyOf(contract, [JSON.stringify(sample.event)]);
  const accepted: Expected = { ok: true, events: [known(sample)] };
  const current = secretOf(declaration, "current");
  const previous = secretOf(declaration, "previous");
  const toleranceMs = signature.toleranceSeconds * 1000;
  const isPastOnly = signature.toleranceSides === "past";
  const tooNew: Expected = isPastOnly ? accepted : refused("timestamp_too_new");
  return [
    { name: "tampered body", body, sent: `${body} `, expect: refused("no_matching_signature") },
    {
      name: "tampered signature",
      body,
      headers: (headers) => ({ ...headers, [header]: tampered(headers[header] ?? "", signature.prefix) }),
      expect: refused("no_matching_signature"),
    },
    {
      name: "wrong secret",
      body,
      secrets: [secretOf(declaration, "another")],
      expect: refused("no_matching_signature"),
    },
    { name: "no signature header", body, headers: without(header), expect: refused("missing_header") },
    { name: "header names in lower case", body, headers: inLowerCase, expect: accepted },
    { name: "as old as the tolerance", body, now: signedAt + toleranceMs, expect: accepted },
    {
      name: "older than the tolerance",
      body,
      now: signedAt + toleranceMs + 1,
      expect: refused("timestamp_too_old"),
    },
    { name: "as far in the future as the tolerance", body, now: signedAt - toleranceMs, expect: accepted },
    { name: "further in the future than the tolerance", body, now: signedAt - toleranceMs - 1, expect: tooNew },
    {
      name: "rotated, signed with the second secret",
      body,
      signing: { secrets: [previous] },
      secrets: [current, previous],
      expect: accepted,
    },
    ...[current, previous].map((secret, index) => ({
      name: `rotated, both signatures in the header, the receiver has the ${index === 0 ? "first" : "second"} secret`,
      body,
      signing: { secrets: [current, previous] },
      secrets: [secret],
      expect: accepted,
    })),
  ];
}

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
