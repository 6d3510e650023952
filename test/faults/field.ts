import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import type { App } from "../../runtime/app.ts";
import { createDatabase, execute, startCluster, type Cluster } from "../postgres/cluster.ts";
import { eventNames, tenants } from "./orders.ts";
import { openPlace, type Place } from "./place.ts";
import { openProxy, type CuttingProxy } from "./proxy.ts";
import { openQuickApp } from "./quick-app.ts";
import { openReceivers, type KnownEndpoints, type Receiver } from "./receivers.ts";
import { createStrangers, type Strangers } from "./strangers.ts";
import { openStreamReceivers, type KnownStreams, type StreamReceivers } from "./stream-receivers.ts";

/** Everything that takes part in a run: a cluster, receivers, and processes that reach the cluster through proxies. */
export interface Field {
  readonly cluster: Cluster;
  /** Of the database itself, past the proxies. */
  readonly url: string;
  readonly workers: readonly Place[];
  readonly emitters: readonly Place[];
  readonly placeOf: (name: string) => Place;
  readonly proxyOf: (place: string) => CuttingProxy;
  readonly streamReceivers: StreamReceivers;
  /** A transaction of somebody else's begins. */
  readonly stranger: Strangers["come"];
  /** One more endpoint for each of these tenants, from now on. */
  readonly addEndpoints: (tenants: readonly string[]) => Promise<void>;
  /** Ends whatever is left, whether or not the run went well. */
  readonly close: () => Promise<void>;
}

export const workerNames = ["worker-1", "worker-2", "worker-3"];
export const emitterNames = ["emitter-1", "emitter-2"];

/** Every other start of this worker is of a version before this event type. */
const oldName = "worker-1";
const lackedByOld = eventNames[1];

export const ordersPath = (folder: string, emitter: string) => join(folder, `${emitter}.jsonl`);

export async function openField(folder: string, seed: string): Promise<Field> {
  const undo: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await open({ folder, seed, undo, close });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Opening {
  readonly folder: string;
  readonly seed: string;
  readonly undo: (() => Promise<unknown>)[];
  readonly close: () => Promise<void>;
}

async function open(opening: Opening): Promise<Field> {
  const { folder, seed, undo, close } = opening;
  mkdirSync(folder, { recursive: true });
  const cluster = await startCluster();
  undo.push(cluster.stop);
  const { url } = await createDatabase(cluster.url);
  const endpoints: KnownEndpoints = new Map();
  const receivers = await openReceivers({ folder, seed, endpoints });
  undo.push(() => Promise.all(receivers.map((receiver) => receiver.close())));
  const addEndpoints = (of: readonly string[]) => createEndpoints(url, of, { endpoints, receivers });
  await addEndpoints([...tenants, ...tenants]);
  const streams: KnownStreams = new Map();
  const streamReceivers = await openStreamReceivers({ folder, seed, streams });
  undo.push(streamReceivers.close);
  await createStreams(url, { streams, streamReceivers });
  await execute(
    url,
    "create table orders (key text primary key)",
    "create table strangers (came timestamptz default now())",
  );
  const strangers = createStrangers(url);
  undo.push(strangers.leave);
  const proxies = new Map<string, CuttingProxy>();
  for (const name of [...workerNames, ...emitterNames]) {
    const proxy = await openProxy(url);
    undo.push(proxy.close);
    proxies.set(name, proxy);
  }
  const proxyOf = (name: string) => required(proxies.get(name), name);
  const parts = { ...opening, proxyOf };
  const workers = workerNames.map((name) =>
    place(parts, name, ["engine-process.ts", (start) => (name === oldName && start % 2 === 0 ? [lackedByOld] : [])]),
  );
  const emitters = emitterNames.map((name) =>
    place(parts, name, ["emitter-process.ts", (start) => [ordersPath(folder, name), `${seed}.${name}.${start}`]]),
  );
  const placeOf = (name: string) =>
    required(
      [...workers, ...emitters].find((each) => each.name === name),
      name,
    );
  return {
    cluster,
    url,
    workers,
    emitters,
    placeOf,
    proxyOf,
    addEndpoints,
    streamReceivers,
    stranger: strangers.come,
    close,
  };
}

function place(
  { folder, undo, proxyOf }: Opening & Pick<Field, "proxyOf">,
  name: string,
  [script, argsOf]: readonly [string, (start: number) => readonly string[]],
): Place {
  const stderr = openSync(join(folder, `${name}.log`), "a");
  undo.push(async () => closeSync(stderr));
  const compileCache = join(folder, "compiled");
  const { url } = proxyOf(name);
  const opened = openPlace(name, (start) => ({ script, args: [url, ...argsOf(start)], stderr, compileCache }));
  undo.push(opened.end);
  return opened;
}

interface EndpointParts {
  readonly endpoints: KnownEndpoints;
  readonly receivers: readonly Receiver[];
}

async function createEndpoints(url: string, of: readonly string[], parts: EndpointParts): Promise<void> {
  const app = await openQuickApp(url);
  try {
    for (const tenant of of) await createEndpoint(app, tenant, parts);
  } finally {
    await app.close();
  }
}

/** One endpoint of a tenant wants all events, the next one type alone; receivers take turns. */
async function createEndpoint(app: App, tenant: string, { endpoints, receivers }: EndpointParts): Promise<void> {
  const number = endpoints.size;
  const receiver = required(receivers[number % receivers.length], "receiver");
  const round = Math.floor(number / tenants.length);
  const events = number % 2 === round % 2 ? ["*"] : [eventNames[0]];
  const wanted = { tenant, contract: "stech", url: receiver.urlOf(number), description: receiver.kind, events };
  const { endpoint, signingSecret } = await app.endpoints.create(wanted);
  endpoints.set(String(number), { id: endpoint.id, signingSecret: required(signingSecret ?? undefined, "secret") });
}

/** One stream of each tenant, with a key to sign its batches. */
async function createStreams(
  database: string,
  { streams, streamReceivers }: { readonly streams: KnownStreams; readonly streamReceivers: StreamReceivers },
): Promise<void> {
  const app = await openQuickApp(database);
  try {
    for (const [number, tenant] of tenants.entries()) {
      const of = { tenant, contract: "authsignal" };
      const { key } = await app.signingKeys.create(of);
      const settings = { url: streamReceivers.urlOf(number), challengeTokenDurationSeconds: 0 };
      const { id } = await app.streams.create({ ...of, settings });
      streams.set(String(number), { id, key });
    }
  } finally {
    await app.close();
  }
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`There is no ${name}.`);
  return value;
}
