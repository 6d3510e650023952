import { envelopeFields, envelopeKey, envelopeValue, headerOf } from "../envelope.ts";
import type { PushModel } from "../model.ts";
import { duration, headerText, outcomeLines, triggerText } from "../wire-text.ts";
import { code, codeBlock, table } from "./markdown.ts";
import type { Chapter } from "./markdown.ts";

type Declaration = PushModel["declaration"];

/** How a contract's events get to a receiver, for somebody who writes one. */
export function wireChapters(declaration: Declaration): readonly Chapter[] {
  return [request(declaration), verification(declaration), answers(declaration), subscription(declaration)];
}

function request(declaration: Declaration): Chapter {
  const { timeoutSeconds, userAgent, headers } = declaration;
  const fields = envelopeFields(declaration).map(([key, field]) => [code(key), envelopeType(field), field.doc]);
  const carried = Object.entries(headers).map(([header, source]) => [code(header), headerText(declaration, source)]);
  return {
    level: 3,
    title: "Request",
    blocks: [
      `Each event is one \`POST\` with a JSON body. Answer within ${duration(timeoutSeconds)}; do slow work afterwards.`,
      table(["Field of the body", "Type", "Meaning"], fields),
      table(
        ["Header", "Meaning"],
        [["`content-type`", "`application/json`"], ["`user-agent`", code(userAgent)], ...carried],
      ),
      duplicates(declaration),
    ],
  };
}

function envelopeType(field: Declaration["envelope"][string]): string {
  const value = envelopeValue(field);
  switch (value.kind) {
    case "constant":
      return code(JSON.stringify(value.value));
    case "instant":
      return "string (date-time)";
    case "integer":
      return "from" in field && field.from === "event.time" && field.format === "unix-ms"
        ? "integer (milliseconds since 1970)"
        : "integer (seconds since 1970)";
    case "data":
    case "members":
    case "meta":
      return "object";
    case "type":
    case "text":
      return "string";
  }
}

function duplicates(declaration: Declaration): string {
  const key = envelopeFields(declaration).find(([, field]) => "from" in field && field.from === "event.id")?.[0];
  const header = headerOf(declaration, "event.id");
  const known = key === undefined ? (header === null ? null : `the header ${code(header)}`) : code(key);
  const remedy = known === null ? "" : ` Remember ${known} and skip what you have seen.`;
  return `A delivery may arrive more than once, and later events may arrive before earlier ones.${remedy}`;
}

function verification(declaration: Declaration): Chapter {
  const { signature } = declaration;
  const steps = [
    "Take the body as the bytes that came, before anything parses it.",
    timestampStep(declaration),
    "Compute the signature:",
    comparison(declaration),
  ];
  const [first, second, third, last] = steps.map((step, index) => `${index + 1}. ${step}`);
  const formula = [
    `key       = ${keyText(declaration)}`,
    `signature = ${encodingText(signature.encoding)}(hmac_sha256(key, ${signedContent(declaration)}))`,
  ].join("\n");
  const block = codeBlock("text", formula).replaceAll(/^/gm, "   ");
  return {
    level: 3,
    title: "Verify a delivery",
    blocks: [[first, second, third].join("\n"), block, last ?? ""],
  };
}

function timestampStep({ headers, signature }: Declaration): string {
  const { timestamp, toleranceSeconds, toleranceSides } = signature;
  const nameOf = (source: string) => Object.entries(headers).find(([, carried]) => carried === source)?.[0] ?? "";
  const place =
    timestamp.carrier === "header"
      ? `the header ${code(nameOf("timestamp"))}`
      : `the part of ${code(nameOf("signature"))} behind ${code(timestamp.prefix)}`;
  const side = toleranceSides === "both" ? "differs from your clock by more than" : "is older than";
  return `Read the signed time from ${place}, in ${timestamp.unit} since 1970. Refuse what ${side} ${duration(toleranceSeconds)}.`;
}

function keyText({ signature, secret }: Declaration): string {
  if (signature.key === "utf8") return `utf8(secret), with its prefix "${secret.prefix}"`;
  return `base64_decode(secret without its prefix "${secret.prefix}")`;
}

function signedContent({ signature }: Declaration): string {
  const names = { body: "body", timestamp: "timestamp", "event.id": "event_id", "delivery.id": "delivery_id" };
  return signature.content.map((part) => names[part]).join(' + "." + ');
}

function encodingText(encoding: Declaration["signature"]["encoding"]): string {
  return { hex: "hex", base64: "base64", "base64-unpadded": "base64_without_padding" }[encoding];
}

function comparison(declaration: Declaration): string {
  const { prefix, separator } = declaration.signature;
  const header = code(headerOf(declaration, "signature") ?? "");
  const parted = separator === " " ? "a space" : "a comma";
  return `Compare it, in constant time, with every signature in ${header}: they start with ${code(prefix)}, are parted by ${parted}, and one that matches is enough. Pass over what starts otherwise.`;
}

function answers(declaration: Declaration): Chapter {
  const { retry, disable, states } = declaration;
  const total = retry.waitsSeconds.reduce((sum, wait) => sum + wait, 0);
  const given = outcomeLines(declaration).map(({ on, text }) => [capitalised(triggerText(declaration, on)), text]);
  const attempts = retry.waitsSeconds.length + 1;
  return {
    level: 3,
    title: "Answers and retries",
    blocks: [
      table(["Answer", "What follows"], given),
      `There are up to ${attempts} attempts. The last comes ${duration(total)} after the first, and what the attempts themselves take.`,
      table(["Attempt", "Wait before it", "Waited in all"], retryRows(retry.waitsSeconds)),
      `In the delivery log a delivery is ${code(states.pending)}, ${code(states.delivered)}, ${code(states.rejected)} when it was refused, or ${code(states.exhausted)} when the last attempt failed.`,
      disable === null
        ? "An endpoint that fails is not disabled."
        : `An endpoint is disabled after ${disable.consecutiveFailures} failed attempts in a row, over all its deliveries.`,
    ],
  };
}

function retryRows(waits: readonly number[]): readonly (readonly string[])[] {
  const rows = [["1", "none", duration(0)]];
  let sum = 0;
  for (const [index, wait] of waits.entries()) {
    sum += wait;
    rows.push([String(index + 2), duration(wait), duration(sum)]);
  }
  return rows;
}

function subscription(declaration: Declaration): Chapter {
  const {
    subscription: { wildcard },
    url,
  } = declaration;
  const schemes = url.schemes.map((scheme) => code(`${scheme}://`)).join(" or ");
  const type = code(envelopeKey(declaration, "event.type"));
  return {
    level: 3,
    title: "Subscribe",
    blocks: [
      `An endpoint is a URL (${schemes}, at most ${url.lengthMax} characters) and the event types that it gets: values of ${type}, or ${code(wildcard)} for every type, also those added later.`,
    ],
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
