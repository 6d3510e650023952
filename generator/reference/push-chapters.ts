import type { BreakerRule, Challenge, PushContract, SubscriberRule } from "../../catalog/contract.ts";
import { carriedFields, envelopeKey } from "../envelope.ts";
import type { Declaration, Declared } from "../model.ts";
import { capitalised, duration, outcomeLines, percent, triggerText, urlText } from "../wire-text.ts";
import { code, table } from "./markdown.ts";
import type { Chapter } from "./markdown.ts";

/** What a contract in mode `push` has of its own: the answers, the waits, and what an endpoint subscribes to. */
export function pushChapters(declaration: Declared<PushContract>): readonly Chapter[] {
  return [answers(declaration), subscription(declaration)];
}

function answers(declaration: Declared<PushContract>): Chapter {
  const { breaker, retry, disable, states } = declaration;
  const total = retry.waitsSeconds.reduce((sum, wait) => sum + wait, 0);
  const attempts = retry.waitsSeconds.length + 1;
  return {
    title: "Answers and retries",
    blocks: [
      answerTable(declaration),
      `There are up to ${attempts} attempts. The last comes ${duration(total)} after the first, and what the attempts themselves take.`,
      table(["Attempt", "Wait before it", "Waited in all"], retryRows(retry.waitsSeconds)),
      ...(retry.jitter ? [jitterText(retry.jitter)] : []),
      ...(retry.retryAfter ? [retryAfterText(retry.retryAfter.maxSeconds)] : []),
      `In the delivery log a delivery is ${code(states.pending)}, ${code(states.delivered)}, ${code(states.rejected)} when it was refused, or ${code(states.exhausted)} when the last attempt failed.`,
      disable === null
        ? "An endpoint that fails is not disabled."
        : `An endpoint is disabled after ${disable.consecutiveFailures} failed attempts in a row, over all its deliveries.`,
      ...(breaker === undefined ? [] : [breakerText(breaker)]),
    ],
  };
}

function jitterText(jitter: number): string {
  return `Each wait is up to ${percent(jitter)} longer or shorter, at random.`;
}

function breakerText({ consecutiveFailures, firstSeconds, maxSeconds }: BreakerRule): string {
  return `After ${consecutiveFailures} failed attempts in a row, the last of them without an answer or with 429 or 5xx, deliveries to the endpoint pause: they wait, which uses up none of their attempts, and one of them is tried after ${duration(firstSeconds)}, then after pauses that double up to ${duration(maxSeconds)}. Any other answer ends the pause, and what waited follows in the order in which it was due.`;
}

function retryAfterText(maxSeconds: number): string {
  return `With 429 or 503, ${code("Retry-After")} asks for a longer wait, of ${duration(maxSeconds)} at most; it shortens none.`;
}

/** What follows from each answer. */
export function answerTable(declaration: Declaration): string {
  const rows = outcomeLines(declaration).map(({ on, text }) => [capitalised(triggerText(declaration, on)), text]);
  return table(["Answer", "What follows"], rows);
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

function subscription(declaration: Declared<PushContract>): Chapter {
  const { wildcard, prefixes, default: byDefault } = declaration.subscription;
  const unnamed = byDefault === undefined ? "" : ` One that names none gets ${code(byDefault)}.`;
  const key = envelopeKey(declaration, "event.type");
  const header = carriedFields(declaration).find((field) => field.key === key)?.header;
  const type = header === undefined ? code(key) : `the header ${code(header)}`;
  const groups = prefixes ? `, ${code("group.*")} for the types of a group,` : ",";
  const { challenge } = declaration;
  const asked = challenge === undefined ? [] : [challengeText(challenge)];
  return {
    title: "Subscribe",
    blocks: [
      `An endpoint is a URL (${urlText(declaration)}) and the event types that it gets: values of ${type}${groups} or ${code(wildcard)} for every type, also those added later.${unnamed}`,
      ...(declaration.bodyBytesMax === undefined ? [] : [`A body has ${declaration.bodyBytesMax} bytes at most.`]),
      ...(declaration.subscribers === undefined ? [] : [subscribersText(declaration, declaration.subscribers)]),
      ...asked,
    ],
  };
}

function subscribersText({ secret }: Declared<PushContract>, rule: SubscriberRule): string {
  const { min, default: usual, max } = rule.ttlSeconds;
  return `A program subscribes by itself, with ${code("events/subscribe")} of the Model Context Protocol: its URL, one event type, arguments that the data have to have, and a secret of its own, ${code(secret.prefix)} and the ${secret.encoding} of ${secret.bytesMin ?? secret.bytes} to ${rule.secretBytesMax} random bytes. Before anything else the URL is sent ${code('{"type":"verification","challenge":"…"}')}, signed and with the headers of a delivery, and answers ${code('{"challenge":"…"}')} with the same text. A subscription lasts ${duration(usual)}, or as asked for from ${duration(min)} to ${duration(max)}, and is renewed by subscribing again.`;
}

function challengeText({ body, answer }: Challenge): string {
  const members = Object.entries(body).map(([name, member]) =>
    "constant" in member ? `${code(name)} is ${code(JSON.stringify(member.constant))}` : `${code(name)} a random text`,
  );
  return `An endpoint is made disabled. When it is enabled, and when it has another URL while it is, it is asked by a signed request in which ${members.join(" and ")}. It has to answer 200 with a JSON object whose ${code(answer)} is that text; the SDKs' handlers do.`;
}
