import { Client, type buildConnector } from "undici";
import type { Clock } from "../seams/clock.ts";

/** What undici is told; the deadline of an attempt is not among it. */
const clientOptions = {
  // Longer than undici's 4 s, or an endpoint with an event every 10 s pays for a TLS handshake each time; shorter than
  // the 60 s after which load balancers drop an idle connection. A receiver's Keep-Alive header may change it.
  keepAliveTimeout: 30_000,
  keepAliveMaxTimeout: 60_000,
  // A POST that was pipelined behind a failing one could not be told from one that arrived.
  pipelining: 1,
  maxHeaderSize: 16 * 1024,
  // Idle timers never end a body of one byte a second. The deadline does, and so these would only cost time.
  headersTimeout: 0,
  bodyTimeout: 0,
} as const;

/** Sockets to one origin that are opened as soon as they are wanted: they keep a receiver that answers at once busy. */
const promptMax = 4;

/**
 * How long a request waits for one of these before it gets a socket of its own, where that helps: the receiver is far
 * away, or an endpoint that shares its origin hangs.
 */
export const patienceMs = 100;

/**
 * Another socket does not help where exchanges take this many times as long as the quickest of late: the receiver, or this
 * process, has as much as it can do, and would have it over any number of connections.
 */
const busyFactor = 2;

/** The quickest exchange counts for this long, and for as long again. */
export const paceMs = 10_000;

export interface SocketParts {
  readonly connect: buildConnector.connector;
  readonly clock: Pick<Clock, "now" | "after">;
  /** Sockets of the process that are open, or being opened, at most. */
  readonly socketsMax: number;
}

/** A connection to an origin, or the attempt at one. It has one exchange at a time. */
export interface Socket {
  readonly client: Pick<Client, "dispatch">;
  /** Says that the exchange is over; the connection may have ended with it. */
  readonly giveBack: () => void;
}

/** Connections to all origins. Idle ones are kept for the next request, and closed first when there are too many. */
export interface Sockets {
  /**
   * Calls `use` with a socket that has no exchange, at once or when there is one. Returns what gives up waiting. Throws
   * for an origin that is not HTTP's, and after `close`.
   */
  readonly take: (url: string, use: (socket: Socket) => void) => () => void;
  readonly openCount: () => number;
  /** Ends all connections, and attempts at them, at once. */
  readonly close: () => Promise<void>;
}

interface OpenSocket extends Socket {
  readonly client: Client;
  readonly origin: Origin;
  state: "busy" | "idle" | "closed";
  lentAt: number;
}

interface Waiting {
  readonly since: number;
  readonly use: (socket: Socket) => void;
}

interface Origin {
  readonly url: string;
  openCount: number;
  /** The one that was used last is used first, so that those beyond what is needed run out. */
  readonly idle: OpenSocket[];
  /** In the order in which they came. */
  readonly waiting: Set<Waiting>;
  /** Null: nobody's patience is being measured. */
  cancelTimer: (() => void) | null;
  pace: Pace;
}

/** How quick the exchanges with an origin are, in milliseconds. */
interface Pace {
  readonly lastMs: number;
  readonly lastEndedAt: number;
  readonly quickestMs: number;
  /** That of the period before. */
  readonly quickestBeforeMs: number;
  readonly periodEndsAt: number;
}

const unknownPace: Pace = {
  lastMs: 0,
  lastEndedAt: -Infinity,
  quickestMs: Infinity,
  quickestBeforeMs: Infinity,
  periodEndsAt: -Infinity,
};

interface Pool extends SocketParts {
  readonly origins: Map<string, Origin>;
  readonly open: Set<OpenSocket>;
  /** Of all origins; the one that has been idle longest comes first. */
  readonly idle: Set<OpenSocket>;
  /** Origins with requests whose patience has ended, and for which there was no room. */
  readonly starved: Set<Origin>;
  isClosed: boolean;
}

export function createSockets(parts: SocketParts): Sockets {
  const state = { origins: new Map(), open: new Set<OpenSocket>(), idle: new Set<OpenSocket>(), isClosed: false };
  const pool: Pool = { ...parts, ...state, starved: new Set() };
  return {
    take: (url, use) => take(pool, url, use),
    openCount: () => pool.open.size,
    close: async () => {
      pool.isClosed = true;
      await Promise.all([...pool.open].map(({ client }) => client.destroy()));
    },
  };
}

function take(pool: Pool, url: string, use: Waiting["use"]): () => void {
  if (pool.isClosed) throw new Error("outbound connections are closed");
  if (!/^https?:/.test(url)) throw new Error(`expected an origin of http: or https:, got ${url}`);
  const origin = pool.origins.get(url) ?? newOrigin(url);
  const idle = origin.idle.pop();
  if (idle !== undefined) {
    pool.idle.delete(idle);
    lend(pool, idle, use);
  } else if (origin.openCount < promptMax && origin.waiting.size === 0 && hasRoom(pool)) {
    lend(pool, open(pool, origin), use);
  } else return wait(pool, origin, use);
  return () => undefined;
}

function newOrigin(url: string): Origin {
  return { url, openCount: 0, idle: [], waiting: new Set(), cancelTimer: null, pace: unknownPace };
}

function lend({ clock }: Pool, socket: OpenSocket, use: Waiting["use"]): void {
  socket.state = "busy";
  socket.lentAt = clock.now();
  use(socket);
}

function wait(pool: Pool, origin: Origin, use: Waiting["use"]): () => void {
  const entry = { since: pool.clock.now(), use };
  pool.origins.set(origin.url, origin);
  origin.waiting.add(entry);
  // Without a socket of its own there is nothing to be patient for.
  if (origin.openCount === 0) pool.starved.add(origin);
  else armTimer(pool, origin);
  return () => {
    origin.waiting.delete(entry);
    forget(pool, origin);
  };
}

/** Lets go of what an origin without requests, or without sockets as well, keeps. */
function forget(pool: Pool, origin: Origin): void {
  if (origin.waiting.size > 0) return;
  origin.cancelTimer?.();
  origin.cancelTimer = null;
  pool.starved.delete(origin);
  if (origin.openCount === 0) pool.origins.delete(origin.url);
}

function armTimer(pool: Pool, origin: Origin): void {
  const [first] = origin.waiting;
  if (first === undefined || origin.cancelTimer !== null) return;
  // Where it did not help the last time, it is looked at again when as much time has passed again.
  const waitedMs = (pool.clock.now() - first.since) % patienceMs;
  origin.cancelTimer = pool.clock.after(patienceMs - Math.max(waitedMs, 0), () => {
    origin.cancelTimer = null;
    openForImpatient(pool, origin);
  });
}

function openForImpatient(pool: Pool, origin: Origin): void {
  for (const entry of origin.waiting) {
    const now = pool.clock.now();
    if (now - entry.since < patienceMs || !wouldHelp(origin.pace, now)) return armTimer(pool, origin);
    if (!hasRoom(pool)) return void pool.starved.add(origin);
    serve(pool, origin, open(pool, origin));
  }
  forget(pool, origin);
}

/** Whether the exchanges under way hang, or the last one was about as quick as any of late. */
function wouldHelp({ lastMs, lastEndedAt, quickestMs, quickestBeforeMs }: Pace, now: number): boolean {
  // The clock counts whole milliseconds.
  return now - lastEndedAt >= patienceMs || lastMs <= busyFactor * (Math.min(quickestMs, quickestBeforeMs) + 1);
}

function paceAfter(pace: Pace, lastMs: number, now: number): Pace {
  const last = { lastMs, lastEndedAt: now };
  if (now < pace.periodEndsAt) return { ...pace, ...last, quickestMs: Math.min(pace.quickestMs, lastMs) };
  // A period without exchanges says nothing.
  const isNext = now < pace.periodEndsAt + paceMs;
  const quickestBeforeMs = isNext ? pace.quickestMs : Infinity;
  return { ...last, quickestMs: lastMs, quickestBeforeMs, periodEndsAt: now + paceMs };
}

/** Gives a socket to the request that has waited longest for one to its origin. */
function serve(pool: Pool, origin: Origin, socket: OpenSocket): void {
  const [entry] = origin.waiting;
  if (entry === undefined) return keep(pool, socket);
  origin.waiting.delete(entry);
  forget(pool, origin);
  lend(pool, socket, entry.use);
}

function keep(pool: Pool, socket: OpenSocket): void {
  socket.state = "idle";
  socket.origin.idle.push(socket);
  pool.idle.add(socket);
}

/** Makes room by closing the socket that has been idle longest, wherever it leads. */
function hasRoom(pool: Pool): boolean {
  if (pool.open.size < pool.socketsMax) return true;
  const [oldest] = pool.idle;
  if (oldest === undefined) return false;
  close(pool, oldest);
  return true;
}

function open(pool: Pool, origin: Origin): OpenSocket {
  const client = new Client(origin.url, { ...clientOptions, connect: pool.connect });
  const socket: OpenSocket = {
    client,
    origin,
    state: "busy",
    lentAt: 0,
    // undici uses a connection again in the turn of the event loop after its response: the receiver may be closing it.
    giveBack: () => {
      const now = pool.clock.now();
      origin.pace = paceAfter(origin.pace, now - socket.lentAt, now);
      setImmediate(() => returned(pool, socket));
    },
  };
  client.on("disconnect", () => socket.state === "idle" && close(pool, socket));
  pool.origins.set(origin.url, origin);
  pool.open.add(socket);
  origin.openCount += 1;
  return socket;
}

function close(pool: Pool, socket: OpenSocket): void {
  const { origin, client } = socket;
  socket.state = "closed";
  pool.open.delete(socket);
  pool.idle.delete(socket);
  const at = origin.idle.indexOf(socket);
  if (at >= 0) origin.idle.splice(at, 1);
  origin.openCount -= 1;
  forget(pool, origin);
  void client.destroy();
}

/** The request that has waited longest has the next turn: of this origin, or of one for which there was no room. */
function returned(pool: Pool, socket: OpenSocket): void {
  if (socket.state !== "busy" || pool.isClosed) return;
  const { origin, client } = socket;
  const next = longestWaiting(pool, origin);
  if (client.stats.connected && (next === null || next === origin)) return serve(pool, origin, socket);
  close(pool, socket);
  if (next !== null && hasRoom(pool)) serve(pool, next, open(pool, next));
}

function longestWaiting({ starved }: Pool, own: Origin): Origin | null {
  const sinceOf = ({ waiting }: Origin) => waiting.values().next().value?.since ?? Infinity;
  let longest = own.waiting.size > 0 ? own : null;
  for (const origin of starved) if (longest === null || sinceOf(origin) < sinceOf(longest)) longest = origin;
  return longest;
}
