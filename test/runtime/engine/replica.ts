/*
 * A process with an engine on a PostgreSQL database, to be stopped, paused or killed by a test.
 *
 *   node replica.ts <database> <owner> <leaseMs> [<contract, event type or key that it lacks>]
 *
 * Says "ready" when it has begun, and "failed" when it cannot go on. SIGTERM stops it properly.
 */
import { createNewId } from "../../../runtime/contracts/identifier.ts";
import { randomBytes } from "node:crypto";
import { serves } from "../../../runtime/contracts/needs.ts";
import { createEngine, engineLimits } from "../../../runtime/engine/engine.ts";
import { createRender } from "../../../runtime/events.ts";
import { systemClock as clock } from "../../../runtime/seams/clock.ts";
import type { Exchange, OutboundRequest } from "../../../runtime/seams/outbound.ts";
import { openStore } from "../../../runtime/store/open-store.ts";
import { anyDataCatalog } from "./any-data-catalog.ts";

const [database = "", owner = "", leaseMs = "", lacks = ""] = process.argv.slice(2);
const store = await openStore({ database });
const { [lacks]: _, ...known } = anyDataCatalog();
const catalog = Object.fromEntries(
  Object.entries(known).map(([id, { declaration, eventTypes }]) => {
    const { [lacks]: __, ...types } = eventTypes;
    return [id, { declaration, eventTypes: types }];
  }),
);
const hasKey = (id: string) => id !== lacks;
const declarations = new Map<string, number>();

async function send({ url, headers, body }: OutboundRequest): Promise<Exchange> {
  const startedAt = clock.now();
  const response = await fetch(url, { method: "POST", body, headers: { ...headers, "x-replica": owner } });
  return { kind: "response", status: response.status, body: null, durationMs: clock.now() - startedAt };
}

const engine = createEngine({
  store: store.log,
  catalog,
  outbound: { send, close: async () => {} },
  random: randomBytes,
  clock,
  openSecret: ({ sealedSecret }) => {
    if (!hasKey(sealedSecret)) throw new Error(`There is no key ${sealedSecret}.`);
    return `whsec_${"a".repeat(64)}`;
  },
  missingKeyOf: (_error, { sealedSecret }) => (hasKey(sealedSecret) ? null : sealedSecret),
  serves: (need) => serves({ catalog, declarations, hasKey }, need),
  renderFact: createRender({ catalog, clock, newId: createNewId(randomBytes) }),
  attempted: () => {},
  owner,
  limits: { ...engineLimits, leaseMs: Number(leaseMs) },
  log: { info: () => {}, warn: () => {}, error: (of: object) => console.error(of) },
});
engine.failed.catch(() => process.stdout.write("failed\n"));
await engine.start();
process.stdout.write("ready\n");
process.once("SIGTERM", async () => {
  await engine.stop();
  await store.close();
  process.exit();
});
