import { randomBytes, timingSafeEqual } from "node:crypto";
import type { StreamContract, StreamSetting } from "../../catalog/contract.ts";
import { nearNames } from "../near-names.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import { isThere, type Api } from "./api.ts";
import { keep, readKept } from "./kept-secrets.ts";
import {
  envelopeFacts,
  jsonOf,
  nothing,
  type ClaimPlace,
  type EnvelopeFacts,
  type Listening,
  type Said,
} from "./listening.ts";
import { headerValues, verificationProblem, type ReceivedDelivery } from "./verify-delivery.ts";

/** A stream that comes and goes with a command, and what its requests are known by. */
interface LocalStream {
  readonly id: string;
  /** A signing key, or the text of the authorization header. Null: the contract has neither. */
  readonly secret: string | null;
  /** The signing key's id. Null: the contract signs nothing. */
  readonly keyId: string | null;
}

type Settings = Readonly<Record<string, unknown>>;

/** Soon enough to work with; batches still come as batches. */
const localSchedule = "*/2 * * * * *";
/** A stream that is not to begin yet: its schedule comes round on the next 29th of February. */
const idleSchedule = "0 0 0 29 2 *";

/** Listening to a contract in mode `stream`: what is emitted from now on, in batches, without the contract's delay. */
export function streamListening(contract: WireContract<StreamContract>, events: readonly string[]): Listening {
  const { declaration } = contract;
  const types = typesOf(contract, events);
  return {
    timeoutMs: declaration.timeoutSeconds * 1000,
    claim: async (at) => {
      const { stream, settings } = await claimStream(declaration, { ...at, types });
      const { id, secret } = stream;
      const settingTexts = Object.entries(settings).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      const known: [string, string][] =
        secret === null ? [] : [[declaration.signature === null ? "authorization" : "signing key", secret]];
      return {
        ready: {
          lines: [["log stream", id], ...known, ["settings", settingTexts.join(", ")]],
          fields: { logStreamId: id, signingSecret: secret, settings },
        },
        problem: (delivery) => problemOf(declaration, delivery, secret),
        retire: async (how) => {
          await at.api.call(how === "disable" ? "POST" : "DELETE", `${pathOf(id)}${how === "disable" ? "/pause" : ""}`);
          if (how === "remove") await forget(at, stream);
          return {
            words: [`The log stream ${id} is ${how === "disable" ? "paused" : "removed"}.`],
            fields: { logStreamId: id },
          };
        },
      };
    },
    arrival: ({ body }) => batchSaid(recordsOf(declaration, body)),
    answer: () => nothing,
  };
}

/** Refuses names that the contract does not have, and any where it does not let an owner choose. */
function typesOf(
  { declaration, eventTypes }: WireContract<StreamContract>,
  events: readonly string[],
): readonly string[] {
  if (events.includes("*")) return [];
  if (!Object.values(declaration.settings).includes("types")) {
    throw new Error(`--events: the contract "${declaration.id}" sends all its event types; leave it out.`);
  }
  const unknown = events.find((type) => !Object.hasOwn(eventTypes, type));
  if (unknown === undefined) return events;
  const near = nearNames(unknown, Object.keys(eventTypes));
  const meant = near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
  throw new Error(`--events: the contract "${declaration.id}" has no event type ${JSON.stringify(unknown)}.${meant}`);
}

async function claimStream(
  declaration: StreamContract,
  { api, place, url, types }: ClaimPlace & { readonly types: readonly string[] },
): Promise<{ readonly stream: LocalStream; readonly settings: Settings }> {
  const kept = readKept<LocalStream>(place);
  const known = await knownBy(declaration, api, kept);
  const settings = named(declaration, { delay: 0, schedule: localSchedule, types });
  const secret = named(declaration, { url, authorization: known.secret });
  let stream: LocalStream | null = null;
  if (kept !== undefined && (await isThere(api, pathOf(kept.id)))) stream = { ...known, id: kept.id };
  else {
    // Where it would begin with the oldest event, it has to be moved before it sends anything.
    const body = {
      contract: declaration.id,
      settings: { ...settings, ...secret, ...named(declaration, { schedule: idleSchedule }) },
    };
    const made = await api.call<{ readonly logStream: { readonly id: string } }>("POST", "/log-streams", body);
    stream = { ...known, id: made.logStream.id };
  }
  keep(place, stream);
  const path = pathOf(stream.id);
  await api.call("POST", `${path}/rewind`, { time: new Date().toISOString() });
  await api.call("PATCH", path, { settings: { ...settings, ...secret } });
  await api.call("POST", `${path}/resume`);
  return { stream, settings };
}

interface SigningKeys {
  readonly signingKeys: readonly { readonly id: string }[];
}
interface NewKey {
  readonly signingKey: { readonly id: string };
  readonly key: string;
}

/** The key of the run before, unless it was revoked; or a new one, beside the tenant's others. */
async function knownBy(
  { id: contract, settings, signature }: StreamContract,
  api: Api,
  kept: LocalStream | undefined,
): Promise<Omit<LocalStream, "id">> {
  if (signature === null) {
    const isAuthorized = Object.values(settings).includes("authorization");
    const made = isAuthorized ? `Bearer ${randomBytes(24).toString("base64url")}` : null;
    return { secret: kept?.secret ?? made, keyId: null };
  }
  const { signingKeys } = await api.read<SigningKeys>("/signing-keys", { contract });
  if (kept !== undefined && signingKeys.some(({ id }) => id === kept.keyId)) return kept;
  const { signingKey, key } = await api.call<NewKey>("POST", "/signing-keys", { contract });
  return { secret: key, keyId: signingKey.id };
}

async function forget({ api, place }: ClaimPlace, { keyId }: LocalStream): Promise<void> {
  if (keyId !== null) await api.call("DELETE", `/signing-keys/${keyId}`);
  keep(place, null);
}

/** Settings by the names of the contract; those that it does not have are left out. */
function named({ settings }: StreamContract, values: Readonly<Partial<Record<StreamSetting, unknown>>>): Settings {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, setting]) =>
      values[setting] === undefined ? [] : [[name, values[setting]] as const],
    ),
  );
}

function problemOf(declaration: StreamContract, delivery: ReceivedDelivery, secret: string | null): string | null {
  if (secret === null) return null;
  const { signature, secret: rule } = declaration;
  if (signature !== null && rule !== null) {
    return verificationProblem({ ...declaration, signature, secret: rule }, delivery, { secret, now: Date.now() });
  }
  const given = Buffer.from(headerValues(declaration, delivery).authorization ?? "", "latin1");
  const expected = Buffer.from(secret, "latin1");
  const isKnown = given.length === expected.length && timingSafeEqual(given, expected);
  return isKnown ? null : "its authorization is not the one that was configured";
}

/** One record alone is its own body. */
function recordsOf({ batch, envelope }: StreamContract, body: Buffer): readonly EnvelopeFacts[] {
  const { body: form } = batch;
  const eventIn = (record: unknown): unknown =>
    batch.record === undefined ? record : Reflect.get(Object(record), batch.record.member);
  if (form.kind === "lines") {
    const lines = body.toString("utf8").split("\n").filter(Boolean);
    return lines.map((line) => envelopeFacts(envelope, eventIn(jsonOf(Buffer.from(line)))));
  }
  const value = jsonOf(body);
  const list: unknown = form.kind === "object" ? Reflect.get(Object(value), form.member) : value;
  return (Array.isArray(list) ? list : [value]).map((record) => envelopeFacts(envelope, eventIn(record)));
}

/** So many and of which types, from the first to the last. */
function batchSaid(records: readonly EnvelopeFacts[]): Said {
  const counts = Object.entries(Object.groupBy(records, ({ type }) => type));
  const types = counts.map(([type, some = []]) => (some.length === 1 ? type : `${some.length} ${type}`)).join(", ");
  const [first, last] = [records[0]?.id ?? "", records.at(-1)?.id ?? ""];
  const count = `${records.length} record${records.length === 1 ? "" : "s"}`;
  const range = first === last ? first : `${first} … ${last}`;
  return { words: [count, types, range], fields: { recordCount: records.length, records } };
}

const pathOf = (id: string) => `/log-streams/${id}`;
