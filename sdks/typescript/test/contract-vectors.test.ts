import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { defineAction } from "../src/core/action.ts";
import type { ReceiverContract } from "../src/core/contract.ts";
import { WebhookError } from "../src/core/errors.ts";
import { defineStream } from "../src/core/stream.ts";
import type { AnyVerdict } from "../src/core/verdict.ts";
import { defineWebhook } from "../src/core/webhook.ts";

interface Probe {
  readonly path: string;
  readonly is: "absent" | "null" | "value";
  readonly value?: unknown;
}

interface ExpectedEvent {
  readonly type: string;
  readonly known: boolean;
  readonly probes: readonly Probe[];
}

interface Vector {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly authorization: string | null;
  readonly now: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
  readonly expect:
    | { readonly ok: true; readonly events: readonly ExpectedEvent[] }
    | { readonly ok: false; readonly code: string; readonly path?: string };
}

interface VerdictVector {
  readonly name: string;
  readonly trigger: string;
  readonly verdict: AnyVerdict;
  readonly body?: string;
  readonly sign?: {
    readonly secret: string;
    readonly now: number;
    readonly header: string;
    readonly value: string;
  } | null;
  readonly error?: string;
}

interface VectorFile {
  readonly contract: ReceiverContract;
  readonly vectors: readonly Vector[];
  readonly verdicts?: readonly VerdictVector[];
}

/** Those of the catalog, and those of the small models in which every mode and kind of field is. */
const files = ["../../../test/vectors/", "../../../test/golden/vectors/test/vectors/"].flatMap((folder) => {
  const url = new URL(folder, import.meta.url);
  const names = readdirSync(url).filter((name) => /\.json(\.txt)?$/.test(name) && name !== "signatures.json");
  return names.map((name): [string, VectorFile] => [name, JSON.parse(readFileSync(new URL(name, url), "utf8"))]);
});

type EventMap = Record<string, object>;

/** The events of a request, read by the receiver of the contract's mode. */
async function eventsOf(contract: ReceiverContract, vector: Vector): Promise<readonly object[]> {
  const credentials = contract.signature === null ? vector.authorization : vector.secrets;
  const options = { now: () => vector.now };
  const body = Buffer.from(vector.bodyBase64, "base64");
  if (contract.mode === "stream") {
    const Stream = defineStream<EventMap, object, string | null | readonly string[]>(contract);
    return (await new Stream(credentials, options).verify(body, vector.headers)).records;
  }
  const Push = defineWebhook<EventMap, object, string | null | readonly string[]>(contract);
  return [await new Push(credentials, options).verify(body, vector.headers)];
}

async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WebhookError) return error;
    throw error;
  }
}

/** The value at a path, `data.items[0].id`; undefined when it is absent. An unknown kind is looked up as it was sent. */
function valueAt(event: object, path: string): unknown {
  return [...path.matchAll(/\[(\d+)\]|([^.[]+)/g)].reduce<unknown>((value, [, index, name]) => {
    const object = Object(value);
    const sent = object[name ?? ""] === "$unknown" && "raw" in object ? object.raw : object;
    return sent[index ?? name ?? ""];
  }, event);
}

function found({ path }: Probe, event: object) {
  const value = valueAt(event, path);
  if (value === undefined) return { path, is: "absent" };
  return value === null ? { path, is: "null" } : { path, is: "value", value };
}

function check(contract: ReceiverContract, expected: ExpectedEvent, event: object): void {
  const type = valueAt(event, contract.typeKey);
  expect(type).toBe(expected.known ? expected.type : "$unknown");
  if (!expected.known) expect(valueAt(event, "rawType")).toBe(expected.type);
  for (const probe of expected.probes) {
    const { path, is, ...rest } = probe;
    expect(found(probe, event)).toEqual("value" in rest ? { path, is, value: rest.value } : { path, is });
  }
}

test("there are vectors of each mode", () => {
  expect(new Set(files.map(([, { contract }]) => contract.mode))).toEqual(new Set(["push", "stream", "action"]));
});

describe.each(files)("%s", (_name, { contract, vectors, verdicts = [] }) => {
  test.each(vectors.map((vector) => [vector.name, vector] as const))("%s", async (_vector, vector) => {
    const outcome = await outcomeOf(() => eventsOf(contract, vector));
    if (!vector.expect.ok) {
      const { code, path = null } = vector.expect;
      expect(outcome).toMatchObject({ code, path });
      return;
    }
    if (!Array.isArray(outcome)) throw outcome;
    expect(outcome.length).toBe(vector.expect.events.length);
    for (const [index, expected] of vector.expect.events.entries()) check(contract, expected, outcome[index]);
  });

  test.each(verdicts.map((vector) => [vector.name, vector] as const))("%s", async (_vector, vector) => {
    const { trigger, verdict, body, sign, error } = vector;
    const Action = defineAction<EventMap, Record<string, AnyVerdict>, object>(contract);
    const webhook = new Action(sign?.secret ?? "asec_any", { now: () => sign?.now ?? 0 });
    const answer = await outcomeOf(() => webhook.answer(trigger, verdict, { sign: sign !== null }));
    if (error !== undefined) expect(answer).toMatchObject({ code: error });
    else {
      const signed = sign ? { [sign.header]: sign.value } : {};
      expect(answer).toEqual({ body, headers: { "content-type": "application/json", ...signed } });
    }
  });
});

test("what the SDK knows of each contract is what its vectors are for", async () => {
  const own = files.filter(([name]) => name.endsWith(".json"));
  expect(own.length).toBeGreaterThan(0);
  for (const [, { contract }] of own) {
    const module = await import(`../src/contracts/${contract.id}.ts`);
    expect(module.contract).toEqual(contract);
  }
});
