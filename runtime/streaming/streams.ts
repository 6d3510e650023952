import type { StreamContract } from "../../catalog/contract.ts";
import { actorOf, type By } from "../actor.ts";
import { streamContractOf } from "../contracts/contract-of.ts";
import { defaultSettings, nextRunAt, readSettings, type GivenSettings } from "../contracts/stream-settings.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import { checkedUrl, type EndpointParts } from "../endpoints/endpoints.ts";
import { HookwrightError } from "../errors.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { sealingContext } from "../secrets/signing-secret.ts";
import type { Events } from "../seams/log-store.ts";
import type { Stream, StreamChange, StreamSecrets, StreamSettings, StreamStore } from "../seams/stream-store.ts";

/** A stream's settings as its owner gives them, by the names of its contract. */
export interface AskedSettings {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Left out: as it is, or as the contract has it. */
  readonly onExhausted?: StreamSettings["onExhausted"] | undefined;
}

export interface StreamId {
  readonly tenant: string;
  readonly id: string;
}

/** A stream, and who asks for a change of it, for the fact that says so. */
export interface StreamAct extends StreamId, By {}

/** Where to begin again: after a position, after an event, or at what happened at a time or later. */
export type RewindTo = { readonly position: number } | { readonly eventId: string } | { readonly time: number };

/**
 * The rules of streams. What there is none of, or what is another tenant's, is `not_found`. Each change is written
 * together with the event that says so.
 */
export interface Streams {
  /**
   * A contract with the setting `start-from` begins there, or at the oldest event there is (F-AUTH0-07); another one
   * with what is emitted from now on. Throws `invalid_request`, `invalid_url` or `unknown_event_type`, and stores nothing
   * then.
   */
  readonly create: (of: { readonly tenant: string; readonly contract: string } & By & AskedSettings) => Promise<Stream>;
  readonly list: StreamStore["list"];
  readonly get: (of: StreamId) => Promise<Stream>;
  /** What is left out stays. The next attempt uses it. A new `start-from` rewinds (F-AUTH0-09). */
  readonly update: (of: StreamAct, change: AskedSettings) => Promise<Stream>;
  /** A batch under way is still counted; nothing is sent after it. */
  readonly pause: (of: StreamAct) => Promise<Stream>;
  /** What waits for its next attempt is due at once; a schedule goes on with its next time. */
  readonly resume: (of: StreamAct) => Promise<Stream>;
  /** Begins again there, and forgets the batch under way: this alone makes a stream repeat, or leave out, events. */
  readonly rewind: (of: StreamAct, to: RewindTo) => Promise<Stream>;
  readonly remove: (of: StreamAct) => Promise<void>;
  readonly runs: (
    of: StreamId & Omit<Parameters<StreamStore["runs"]>[0], "streamKey">,
  ) => ReturnType<StreamStore["runs"]>;
  /** When the oldest event that was not accepted happened (D-AUTHSIGNAL-02). Null: all was. */
  readonly oldestUndelivered: (stream: Stream) => Promise<number | null>;
}

export interface StreamParts extends Omit<EndpointParts, "store" | "changed" | "outbound"> {
  readonly store: StreamStore;
  /** Called when a fact was appended. */
  readonly wake: () => void;
}

export function createStreams(parts: StreamParts): Streams {
  const { store, clock } = parts;

  async function get(of: StreamId): Promise<Stream> {
    return found(await store.get(of), of);
  }

  function fact(type: string, { actorId }: By, more: (after: Stream, before: Stream) => object = () => ({})) {
    return (stream: Stream, before: Stream): Events => {
      const { id: logStreamId, contract, tenant } = stream;
      const data = { logStreamId, contract, ...actorOf({ actorId }), ...more(stream, before) };
      return parts.renderFact({ type, tenant, data });
    };
  }

  async function change(
    { tenant, id }: StreamId,
    how: StreamChange,
    facts: (after: Stream, before: Stream) => Events,
  ): Promise<Stream> {
    const after = found(await store.update({ tenant, id, at: clock.now() }, how, facts), { tenant, id });
    parts.wake();
    return after;
  }

  async function startOf(tenant: string, contract: StreamContract, { startFrom }: Partial<StreamSettings>) {
    if (typeof startFrom === "string") return positionOf(parts, { tenant, contract: contract.id }, placeOf(startFrom));
    return Object.values(contract.settings).includes("start-from") ? 0 : store.end({ tenant });
  }

  return {
    create: async ({ tenant, contract: contractId, actorId, ...asked }) => {
      const contract = streamContractOf(parts.catalog, contractId);
      const { declaration } = contract;
      const { settings, ...given } = checkedSettings(parts, contract, asked);
      if (settings.url === undefined) throw missingUrl(declaration);
      const createdAt = clock.now();
      const id = parts.newId(declaration.ids.endpoint, createdAt);
      const whole = { ...defaultSettings(declaration), ...settings, url: settings.url };
      const fresh = {
        ...{ id, tenant, contract: contractId, createdAt, settings: whole },
        sealedAuthorization: null,
        sealedNoticeUrl: null,
        ...sealed(parts.keyRing, { tenant, id }, given),
        position: await startOf(tenant, declaration, settings),
        // What the report's first run goes on from is what its owner said (F-AUTH0-09).
        checkpoint: checkpointOf(settings.startFrom),
        dueAt: dueAt(whole, createdAt),
      };
      const made = await store.create(fresh, (stream) =>
        fact("log_stream.created", { actorId }, settingsFact)(stream, stream),
      );
      parts.wake();
      return made;
    },
    list: store.list,
    get,
    update: async (of, asked) => {
      const before = await get(of);
      const contract = streamContractOf(parts.catalog, before.contract);
      const { settings, ...given } = checkedSettings(parts, contract, asked);
      const whole = { ...before.settings, ...settings };
      const isMoved = typeof settings.startFrom === "string" && settings.startFrom !== before.settings.startFrom;
      const changes: StreamChange = {
        ...sealed(parts.keyRing, of, given),
        settings: whole,
        ...(isMoved
          ? {
              position: await startOf(of.tenant, contract.declaration, settings),
              checkpoint: checkpointOf(settings.startFrom),
            }
          : {}),
        ...(whole.schedule === before.settings.schedule ? {} : { dueAt: dueAt(whole, clock.now()) }),
      };
      const changedSecrets = secretsIn(given);
      return change(
        of,
        changes,
        fact("log_stream.updated", of, (after) => ({ ...settingsFact(after), changedSecrets })),
      );
    },
    pause: (of) => change(of, { status: "paused" }, fact("log_stream.paused", of)),
    resume: async (of) => {
      const due = dueAt((await get(of)).settings, clock.now());
      return change(of, { status: "active", dueAt: due }, fact("log_stream.resumed", of));
    },
    rewind: async (of, to) => {
      const stream = await get(of);
      const position = await positionOf(parts, stream, to);
      const checkpoint = "eventId" in to ? to.eventId : null;
      const moved = fact("log_stream.rewound", of, (_, { cursor }) => ({
        position,
        previousPosition: cursor.position,
      }));
      return change(of, { position, checkpoint, dueAt: dueAt(stream.settings, clock.now()) }, moved);
    },
    remove: async ({ tenant, id, actorId }) => {
      const deleted = fact("log_stream.deleted", { actorId });
      const isRemoved = await store.remove({ tenant, id, at: clock.now() }, (before) => deleted(before, before));
      found(isRemoved || null, { tenant, id });
      parts.wake();
    },
    runs: async ({ tenant, id, ...of }) => store.runs({ streamKey: (await get({ tenant, id })).key, ...of }),
    oldestUndelivered: store.oldestTime,
  };
}

/** What a fact says of a stream's settings: all but the secrets. */
function settingsFact({ settings, status, sealedAuthorization, sealedNoticeUrl }: Stream) {
  return {
    ...settings,
    status,
    hasAuthorization: sealedAuthorization !== null,
    hasNoticeUrl: sealedNoticeUrl !== null,
  };
}

const secretsIn = (given: Omit<GivenSettings, "settings">) =>
  (["authorization", "noticeUrl"] as const).filter((name) => given[name] !== undefined);

/** A stream with a schedule waits for it; another one is due. */
function dueAt({ schedule }: Pick<StreamSettings, "schedule">, now: number): number {
  return schedule === null ? now : nextRunAt(schedule, now);
}

function checkedSettings(
  parts: StreamParts,
  contract: WireContract<StreamContract>,
  { settings: asked, onExhausted }: AskedSettings,
): GivenSettings {
  const { declaration } = contract;
  const given = readSettings(contract, asked);
  const { url } = given.settings;
  if (onExhausted !== undefined && declaration.retry.kind !== "per-run") {
    const message = `onExhausted: expected nothing, got one: the contract "${declaration.id}" retries without end.`;
    throw new HookwrightError("invalid_request", message, { path: "onExhausted" });
  }
  return {
    ...given,
    settings: {
      ...given.settings,
      ...(url === undefined ? {} : { url: checkedUrl(url, declaration, parts) }),
      ...(onExhausted === undefined ? {} : { onExhausted }),
    },
    ...(typeof given.noticeUrl === "string" ? { noticeUrl: checkedUrl(given.noticeUrl, declaration, parts) } : {}),
  };
}

function sealed(keyRing: KeyRing, of: StreamId, given: Omit<GivenSettings, "settings">): Partial<StreamSecrets> {
  const seal = (text: string | null, place: "authorization" | "notice_url") =>
    text === null ? null : keyRing.seal(text, sealingContext(of, place));
  return {
    ...(given.authorization === undefined ? {} : { sealedAuthorization: seal(given.authorization, "authorization") }),
    ...(given.noticeUrl === undefined ? {} : { sealedNoticeUrl: seal(given.noticeUrl, "notice_url") }),
  };
}

async function positionOf(
  { store, catalog }: StreamParts,
  { tenant, contract }: { readonly tenant: string; readonly contract: string },
  to: RewindTo,
): Promise<number> {
  if ("time" in to) return store.positionBefore({ tenant, contract, time: to.time });
  if ("position" in to) {
    const end = await store.end({ tenant });
    if (to.position <= end) return to.position;
    const message = `position: expected at most ${end}, where the log ends, got ${to.position}.`;
    throw new HookwrightError("invalid_request", message, { path: "position" });
  }
  const sentAs = sentIdOf(streamContractOf(catalog, contract).declaration);
  const position = await store.positionOf({ tenant, contract, eventId: to.eventId, sentAs });
  if (position !== null) return position;
  const message = `eventId: the log has no event ${JSON.stringify(to.eventId)} of the contract "${contract}".`;
  throw new HookwrightError("invalid_request", message, { path: "eventId" });
}

function missingUrl({ id, settings }: StreamContract): HookwrightError {
  const name = Object.keys(settings).find((each) => settings[each] === "url") ?? "url";
  const message = `settings.${name}: expected a URL, got nothing; the contract "${id}" has no default.`;
  return new HookwrightError("invalid_request", message, { path: `settings.${name}` });
}

function found<Value>(value: Value | null, { id }: StreamId): Value {
  if (value !== null) return value;
  throw new HookwrightError("not_found", `There is no log stream ${JSON.stringify(id)}.`);
}

/** A day and a time (F-AUTH0-12), or the id of an event. */
function placeOf(startFrom: string): RewindTo {
  const time = /^\d{4}-\d{2}-\d{2}T/.test(startFrom) ? Date.parse(startFrom) : NaN;
  return Number.isNaN(time) ? { eventId: startFrom } : { time };
}

function checkpointOf(startFrom: string | null | undefined): string | null {
  const place = typeof startFrom === "string" ? placeOf(startFrom) : null;
  return place !== null && "eventId" in place ? place.eventId : null;
}

/** The member in which an entry that others made has an id of its own. Undefined: it has Hookwright's. */
function sentIdOf({ envelope }: StreamContract): string | undefined {
  return Object.entries(envelope).find(
    ([, field]) => "from" in field && field.from === "event.id" && field.given !== undefined,
  )?.[0];
}
