import type { HeaderSource } from "../../catalog/contract.ts";
import { headerOf } from "../envelope.ts";
import type { ContractModel } from "../model.ts";
import {
  algorithmsOf,
  challengeRule,
  messageOf,
  partsOf,
  signedIds,
  verdictRule,
  verdictShape,
} from "../receiver-contract.ts";
import { indented, keyedValues, quote } from "./source.ts";
import type { Lines } from "./source.ts";

type Declaration = ContractModel["declaration"];
type Signature = NonNullable<Declaration["signature"]>;
type Pair = readonly [key: string, value: Lines];

/** What the core has to know to verify and answer requests, as a variable. */
export function contractVariable(contract: ContractModel): Lines {
  const { declaration } = contract;
  const { signature } = declaration;
  const authorization = signature === null ? headerOf(declaration, "authorization") : null;
  const pairs: readonly Pair[] = [
    ...(signature === null ? [] : [["Scheme", scheme(declaration, signature)] as const]),
    ...(authorization === null ? [] : [["AuthorizationHeader", [quote(authorization)]] as const]),
    ...challengePair(declaration),
    ...(declaration.mode === "action" ? [["Verdict", verdict(contract)] as const] : []),
  ];
  return ["var contract = receiver.Contract{", ...indented(keyedValues(pairs)), "}"];
}

function challengePair(declaration: Declaration): readonly Pair[] {
  const { challenge } = challengeRule(declaration);
  if (challenge === undefined) return [];
  const constants = Object.entries(challenge.constants).map(([name, text]) => `${quote(name)}: ${quote(text)}`);
  const pairs: readonly Pair[] = [
    ["Constants", [`map[string]string{${constants.join(", ")}}`]],
    ["Member", [quote(challenge.member)]],
    ["Answer", [quote(challenge.answer)]],
  ];
  return [["Challenge", ["&receiver.Challenge{", ...indented(keyedValues(pairs)), "}"]]];
}

function scheme(declaration: Declaration, signature: Signature): Lines {
  const content = partsOf(signature)
    .map((part) => (typeof part === "string" ? contentNames[part] : `Text(${quote(part.text)})`))
    .map((name) => `signature.${name}`)
    .join(", ");
  const [idSource] = signedIds(declaration);
  const pairs: readonly (Pair | null)[] = [
    ["Algorithms", algorithms(declaration, signature)],
    ["Content", [`[]signature.Part{${content}}`]],
    jointPair(signature),
    messagePair(declaration),
    ["SignatureHeader", [quote(requiredHeader(declaration, "signature"))]],
    ["Separator", [quote(signature.separator)]],
    ...timePairs(declaration, signature),
    idSource === undefined ? null : ["IDHeader", [quote(requiredHeader(declaration, idSource))]],
    ...toleranceLines(signature),
  ];
  return ["&signature.Scheme{", ...indented(keyedValues(pairs.filter((pair) => pair !== null))), "}"];
}

/** What stands between the signed parts; a full stop where nothing is said. */
function jointPair({ joint }: Signature): Pair | null {
  if (joint === undefined) return null;
  return joint === "" ? ["Unjoined", ["true"]] : ["Joint", [quote(joint)]];
}

function timePairs(declaration: Declaration, { timestamp }: Signature): readonly (Pair | null)[] {
  if (timestamp === null) return [["Untimed", ["true"]]];
  return [
    timestamp.unit === "milliseconds" ? ["Milliseconds", ["true"]] : null,
    timestamp.carrier === "header" ? ["TimestampHeader", [quote(requiredHeader(declaration, "timestamp"))]] : null,
    timestamp.carrier === "signature" ? ["TimestampPrefix", [quote(timestamp.prefix)]] : null,
  ];
}

function messagePair(declaration: Declaration): Pair | null {
  const message = messageOf(declaration);
  if (message === null) return null;
  const pairs: readonly Pair[] = [
    ["Label", [quote(message.label)]],
    ["Components", [`[]string{${message.components.map(quote).join(", ")}}`]],
    ["InputHeader", [quote(message.inputHeader)]],
    ["ContentType", [quote(message.contentType)]],
  ];
  return ["Message", ["&signature.Message{", ...indented(keyedValues(pairs)), "}"]];
}

function toleranceLines(signature: Signature): readonly (Pair | null)[] {
  if (signature.timestamp === null) return [];
  const { toleranceSeconds, toleranceSides } = signature;
  return [
    ["Tolerance", [`${toleranceSeconds} * time.Second`]],
    toleranceSides === "past" ? ["PastOnly", ["true"]] : null,
  ];
}

function algorithms({ secret }: Declaration, signature: Signature): Lines {
  const items = algorithmsOf(signature, secret ?? { prefix: "" }).map((algorithm) => {
    const pairs: readonly (readonly [string, string])[] = [
      ...(algorithm.name === "ed25519" ? [["Ed25519", "true"] as const] : []),
      ...(algorithm.key === "utf8" ? [] : [["Base64Key", "true"] as const]),
      ["SecretPrefix", quote(algorithm.secretPrefix)],
      ["Prefix", quote(algorithm.prefix)],
      ["Encoding", `signature.${encodings[algorithm.encoding]}`],
      ...(algorithm.secretBytesMin === undefined
        ? []
        : [["SecretBytesMin", String(algorithm.secretBytesMin)] as const]),
    ];
    return `{${pairs.map(([key, value]) => `${key}: ${value}`).join(", ")}},`;
  });
  return ["[]signature.Algorithm{", ...indented(items), "}"];
}

const contentNames = { "delivery.id": "ID", "event.id": "ID", timestamp: "Timestamp", body: "Body" };
const encodings = { hex: "Hex", base64: "Base64", "base64-unpadded": "Base64Unpadded" };

function verdict(contract: ContractModel): Lines {
  const { decision, code, reason, bytesMax, signatureHeader } = verdictRule(contract);
  const first = [decision, code, reason];
  const others = verdictShape(contract)
    .fields.map(({ name }) => name)
    .filter((name) => !first.includes(name));
  const members = [...first, ...others].map(quote).join(", ");
  const pairs: readonly Pair[] = [
    ["Members", [`[]string{${members}}`]],
    ["BytesMax", [String(bytesMax)]],
    ["SignatureHeader", [quote(signatureHeader)]],
  ];
  return ["&receiver.VerdictRule{", ...indented(keyedValues(pairs)), "}"];
}

function requiredHeader(declaration: Declaration, source: HeaderSource): string {
  const header = headerOf(declaration, source);
  if (header !== null) return header;
  throw new Error(`The Go SDK: the contract "${declaration.id}" has no header that carries "${source}".`);
}
