import { createHash, createHmac } from "node:crypto";
import type { OutboundRequest } from "../../runtime/seams/outbound.ts";
import type { Settled, Settlement } from "../../runtime/seams/log-store.ts";
import { checkAttempts, checkCursor, checkDelivery, waitsMs } from "./delivery-checks.ts";
import { createExpectations, type Expectations } from "./expectations.ts";
import { attemptsOf, type EndpointRow, type Tables } from "./memory-tables.ts";
import { endpointIdOf } from "./receivers.ts";

/** Looks at everything that is sent and written, when it happens; what must never be is a violation. */
export interface Watch {
  readonly expectations: Expectations;
  readonly sending: (sender: Sender, request: OutboundRequest) => void;
  readonly settling: (settlements: readonly Settlement[], write: () => Settled) => Settled;
  readonly failed: (endpointId: string) => void;
  /** How many requests to an endpoint delivered nothing, as far as their senders lived to see it. */
  readonly failuresOf: (endpointId: string) => number;
  /** A call of this process got lost: it asks again, but not all the time. */
  readonly lost: (host: { readonly name: string }) => void;
  /** A process was told that an endpoint is now as its row says. */
  readonly notified: (sender: Sender, endpointId: string) => void;
  /** The engine of this process stopped or failed: it sends nothing more. */
  readonly ended: (sender: Sender) => void;
  /** What was under way in this process may come late. */
  readonly excuse: (sender: Sender) => void;
  readonly violate: (text: string) => void;
  readonly violations: readonly string[];
  readonly sendCount: () => number;
  /** Requests that repeat an attempt which another holder of the shard had sent. */
  readonly duplicateCount: () => number;
}

/** A process that sends, by the name it holds its leases under. */
export interface Sender {
  readonly owner: string;
  /** By shard: the epoch of the lease it works under. */
  readonly epochs: ReadonlyMap<number, number>;
  /** By shard: how often it gave it back, whether or not that got there. */
  readonly handOvers: ReadonlyMap<number, number>;
  readonly windowMax: number;
  readonly slotsMax: number;
  readonly perEndpointMax: number;
}

export interface WatchParts {
  readonly tables: Tables;
  /** How long a call of the store may take, there and back, while the database is up. */
  readonly callMsMax: () => number;
}

/** After word of something new an engine looks a hundred times a second, for a while. */
const lostPerSecondMax = 200;

interface SentAttempt {
  readonly attemptId: string;
  readonly row: EndpointRow;
  readonly position: number;
  readonly run: number;
  readonly number: number;
}

interface Sent {
  /** The owner, its epoch, and its hand-overs so far. */
  readonly holder: string;
  readonly at: number;
}

/** Every sealed secret is `<endpoint>/<version>`, from 0. */
export const secretOf = (sealed: string): string => `whsec_${createHash("sha256").update(sealed).digest("hex")}`;

function signatureOf(sealed: string, { timestamp, body }: { timestamp: string; body: string }): string {
  return `sha256=${createHmac("sha256", secretOf(sealed)).update(`${timestamp}.${body}`).digest("hex")}`;
}

function sealedOf({ sealedSecret }: EndpointRow): readonly string[] {
  const [id, version] = sealedSecret.split("/");
  return Array.from({ length: Number(version) + 1 }, (_, index) => `${id}/${index}`);
}

export function createWatch({ tables, callMsMax }: WatchParts): Watch {
  const expectations = createExpectations(tables.log);
  const violations: string[] = [];
  const sent = new Map<string, Sent[]>();
  const marks = new Map<string, string>();
  const repeats = new Map<string, Set<string>>();
  /** By process and endpoint: since when, and of which version, the process knows. */
  const known = new Map<string, { readonly at: number; readonly row: EndpointRow }>();
  /** By process: how many of its calls got lost in the current second. */
  const lostCalls = new Map<string, { readonly second: number; readonly count: number }>();
  const failures = new Map<string, number>();
  const endings = new Map<string, number>();
  let sendCount = 0;
  let duplicateCount = 0;

  const violate = (text: string): void => void violations.push(`${tables.now()}: ${text}`);

  function sending(sender: Sender, request: OutboundRequest): void {
    sendCount += 1;
    const endpointId = endpointIdOf(request.url);
    const row = tables.endpoints.find(({ id }) => id === endpointId);
    const attemptId = request.headers["X-Stech-Delivery"] ?? "";
    const [, eventId = "", mark = "", run = "", number = ""] =
      /^dla_(.+)_([0-9a-f]{12})_(\d+)_(\d+)$/.exec(attemptId) ?? [];
    const event = tables.log.find(({ id }) => id === eventId);
    if (row === undefined || event === undefined) return violate(`${attemptId} is of no event or endpoint`);
    if (marks.get(endpointId) !== undefined && marks.get(endpointId) !== mark) violate(`${endpointId} has two marks`);
    marks.set(endpointId, mark);
    if (!expectations.at(event.position).includes(endpointId)) violate(`${attemptId} was not for ${endpointId}`);
    if (request.url.hostname !== `${event.tenant.replace("_", "-")}.example`)
      violate(`${attemptId} went to ${request.url.href}`);
    if (request.body !== event.body) violate(`${attemptId} was sent with other bytes than were stored`);
    checkHeaders(request, row);
    checkTime({ row, position: event.position, run: Number(run), number: Number(number), attemptId });
    checkKnown(sender, row, request);
    const endedAt = endings.get(sender.owner) ?? Infinity;
    if (tables.now() > endedAt + 2 * callMsMax()) violate(`${sender.owner} sends after its engine ended at ${endedAt}`);
    checkRepeat(sender, { attemptId, row, position: event.position });
  }

  function checkHeaders({ headers, body }: OutboundRequest, row: EndpointRow): void {
    const timestamp = String(Math.floor(tables.now() / 1000));
    const type = JSON.parse(body).type;
    if (headers["X-Stech-Timestamp"] !== timestamp)
      violate(`timestamp ${headers["X-Stech-Timestamp"]}, not ${timestamp}`);
    if (headers["X-Stech-Event"] !== type) violate(`event type ${headers["X-Stech-Event"]}, not ${type}`);
    const given = (headers["X-Stech-Signature"] ?? "").split(",");
    const versions = given.map((signature) =>
      sealedOf(row).findIndex((sealed) => signatureOf(sealed, { timestamp, body }) === signature),
    );
    if (versions.includes(-1)) violate(`${row.id}: a signature is of no secret it has had`);
    // Of two, the second is of the secret before.
    const [first = 0, second = first - 1] = versions;
    if (versions.length > 2 || second !== first - 1) violate(`${row.id}: signed with versions ${versions.join()}`);
  }

  function checkTime(of: SentAttempt): void {
    const before = attemptsOf(tables, { endpointKey: of.row.key, position: of.position, run: of.run });
    const last = before.find(({ number }) => number === of.number - 1);
    if (of.number > 1 && last === undefined) return violate(`${of.attemptId} has no attempt before it`);
    if (last === undefined) return;
    const waitMs = waitsMs[of.number - 2] ?? Infinity;
    const dueAt = last.startedAt + last.durationMs + waitMs;
    if (tables.now() < dueAt) violate(`${of.attemptId} was sent ${dueAt - tables.now()} ms before it was due`);
  }

  function checkKnown(sender: Sender, row: EndpointRow, { url, headers, body }: OutboundRequest): void {
    const notice = known.get(`${sender.owner} ${row.id}`);
    if (notice === undefined || tables.now() <= notice.at + 2 * callMsMax()) return;
    if (notice.row.deletedAt !== null) violate(`${row.id} was sent to after it was known to be deleted`);
    // Whatever changed it since was not told to this process, or was.
    if (row.updatedAt !== notice.row.updatedAt) return;
    if (!notice.row.enabled) violate(`${row.id} was sent to after it was known to be disabled`);
    if (notice.row.paused) violate(`${row.id} was sent to after it was known to be paused`);
    if (url.href !== notice.row.url) violate(`${row.id} was sent to ${url.href}, which was known to be outdated`);
    const { sealedSecret, previousSecret } = notice.row;
    const isOver = previousSecret === null || tables.now() >= previousSecret.expiresAt;
    const timestamp = headers["X-Stech-Timestamp"] ?? "";
    const expected = [sealedSecret, ...(isOver ? [] : [previousSecret.sealed])];
    const signatures = expected.map((sealed) => signatureOf(sealed, { timestamp, body })).join();
    if (headers["X-Stech-Signature"] !== signatures) violate(`${row.id}: not signed with the secrets in force`);
  }

  /** Under one lease an attempt is sent once; under the next one, no more again than the last one can have lost. */
  function checkRepeat(sender: Sender, of: { attemptId: string; row: EndpointRow; position: number }): void {
    const { attemptId, row, position } = of;
    const lease = tables.shards[row.shard];
    const epoch = sender.epochs.get(row.shard);
    const holder = `${sender.owner}#${epoch}.${sender.handOvers.get(row.shard) ?? 0}`;
    const isInForce = lease?.owner === sender.owner && lease.epoch === epoch && tables.now() < lease.until;
    const earlier = sent.get(attemptId) ?? [];
    sent.set(attemptId, [...earlier, { holder, at: tables.now() }]);
    if (earlier.length === 0) return;
    duplicateCount += 1;
    if (isInForce && earlier.some((each) => each.holder === holder))
      violate(`${attemptId} was sent twice under the lease ${holder}`);
    const again = repeats.get(`${row.shard} ${holder}`) ?? new Set<string>();
    repeats.set(`${row.shard} ${holder}`, again.add(String(position)));
    const endpointCount = tables.endpoints.filter(({ shard }) => shard === row.shard).length;
    const pendingMax = sender.slotsMax + sender.perEndpointMax * endpointCount;
    if (again.size > sender.windowMax + pendingMax) violate(`${again.size} events were sent again by ${holder}`);
  }

  function lost({ name }: { readonly name: string }): void {
    const second = Math.floor(tables.now() / 1000);
    const before = lostCalls.get(name);
    const count = before?.second === second ? before.count + 1 : 1;
    lostCalls.set(name, { second, count });
    if (count === lostPerSecondMax) violate(`${name} asks a database that is down ${count} times a second`);
  }

  function settling(settlements: readonly Settlement[], write: () => Settled): Settled {
    const checks = settlements.map((settlement) => ({ settlement, check: beforeSettlement(settlement) }));
    const settled = write();
    const written = checks.filter(({ settlement }) => !settled.lost.includes(settlement.lease.shard));
    for (const { check } of written) for (const problem of check()) violate(problem);
    return settled;
  }

  /** Looks at the tables before a settlement is written, and gives what looks at them again afterwards. */
  function beforeSettlement(settlement: Settlement): () => readonly string[] {
    const diverted = [...tables.diversions.values()].filter(({ shard }) => shard === settlement.lease.shard);
    const cursors = [tables.shards[settlement.lease.shard], ...diverted].map((row) => row?.cursor ?? 0);
    const cursor = Math.min(...cursors);
    const problems = checkAttempts(tables, settlement.attempts);
    const deliveries = [...settlement.attempts, ...settlement.pending, ...settlement.finished];
    return () => [
      ...problems,
      ...deliveries.flatMap((each) => checkDelivery(tables, each)),
      ...checkCursor(tables, expectations, { shard: settlement.lease.shard, after: cursor }),
    ];
  }

  return {
    expectations,
    sending,
    failed: (endpointId) => void failures.set(endpointId, (failures.get(endpointId) ?? 0) + 1),
    failuresOf: (endpointId) => failures.get(endpointId) ?? 0,
    lost,
    settling,
    notified: ({ owner }, endpointId) => {
      const row = tables.endpoints.find(({ id }) => id === endpointId);
      if (row !== undefined) known.set(`${owner} ${endpointId}`, { at: tables.now(), row: { ...row } });
    },
    ended: ({ owner }) => void endings.set(owner, tables.now()),
    excuse: ({ owner }) => {
      for (const key of [...known.keys()]) if (key.startsWith(`${owner} `)) known.delete(key);
    },
    violate,
    violations,
    sendCount: () => sendCount,
    duplicateCount: () => duplicateCount,
  };
}
