import fc from "fast-check";
import { expect, test } from "vitest";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type { Endpoint, Lease } from "../../../../runtime/seams/log-store.ts";
import {
  claimOf,
  createEndpoint,
  fact,
  leaseOf,
  newEvents,
  settlement,
  use,
  type OpenHarness,
  settleOne,
  readPage,
  told,
} from "./harness.ts";

/** What a run knows: its endpoints, and for each the times its deliveries are due, by position and run. */
interface Model {
  readonly endpoints: readonly Endpoint[];
  readonly states: ("enabled" | "disabled" | "deleted")[];
  readonly pending: readonly Map<string, number>[];
}

type Step =
  | {
      readonly kind: "settle";
      readonly pending: readonly Waiting[];
      readonly finished: readonly Waiting[];
      disable: number | null;
    }
  | { readonly kind: "enabled" | "disabled" | "deleted"; readonly endpoint: number }
  | { readonly kind: "redeliver"; readonly endpoint: number; readonly position: number; readonly at: number };

interface Waiting {
  readonly endpoint: number;
  readonly position: number;
  readonly dueAt: number;
}

const endpointCount = 3;
const positionMax = 3;

const endpoint = fc.nat(endpointCount - 1);
const position = fc.integer({ min: 1, max: positionMax });
const dueAt = fc.nat(20);
const waiting = fc.uniqueArray(fc.record({ endpoint, position, dueAt }), {
  selector: (row) => row.endpoint * 10 + row.position,
  maxLength: 5,
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        kind: fc.constant("settle" as const),
        pending: waiting,
        finished: waiting,
        disable: fc.option(endpoint, { freq: 5 }),
      })
      .map(({ finished, ...rest }) => ({ ...rest, finished: finished.filter((row) => !holds(rest.pending, row)) })),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("enabled", "disabled"), endpoint }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("deleted" as const), endpoint }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("redeliver" as const), endpoint, position, at: dueAt }) },
);

const holds = (rows: readonly Waiting[], row: Waiting): boolean =>
  rows.some((each) => each.endpoint === row.endpoint && each.position === row.position);

const endpointKey = (model: Model, index: number): number => model.endpoints[index]?.key ?? 0;

/** Runs a step on the store. */
async function perform({ store, lease, eventIds }: Log, model: Model, step: Step): Promise<void> {
  const delivery = (row: Waiting) => ({
    endpointKey: endpointKey(model, row.endpoint),
    position: row.position,
    run: 0,
  });
  if (step.kind === "settle") {
    const { disable } = step;
    await settleOne(
      store,
      settlement(lease, {
        pending: step.pending.map((row) => ({ ...delivery(row), attemptCount: 1, dueAt: row.dueAt })),
        finished: step.finished.map(delivery),
        disabled: disable === null ? [] : [{ endpointKey: endpointKey(model, disable), at: 9, events: [fact()] }],
      }),
    );
    return;
  }
  const { id = "", tenant = "" } = model.endpoints[step.endpoint] ?? {};
  if (step.kind === "redeliver") {
    const eventId = eventIds[step.position - 1] ?? "";
    await store.deliveries.redeliver({ endpointKey: endpointKey(model, step.endpoint), eventId, at: step.at }, told);
  } else if (step.kind === "deleted") await store.endpoints.remove({ tenant, id, at: 9 }, () => [fact()]);
  else await store.endpoints.update({ tenant, id, at: 9 }, { enabled: step.kind === "enabled" }, () => [fact()]);
}

/** Runs a step on the model. */
function imagine(model: Model, step: Step): void {
  if (step.kind === "settle") {
    for (const row of step.finished) model.pending[row.endpoint]?.delete(`${row.position}/0`);
    for (const row of step.pending) {
      if (model.states[row.endpoint] !== "deleted") model.pending[row.endpoint]?.set(`${row.position}/0`, row.dueAt);
    }
    if (step.disable !== null && model.states[step.disable] === "enabled") model.states[step.disable] = "disabled";
    return;
  }
  if (model.states[step.endpoint] === "deleted") return;
  if (step.kind === "redeliver") return imagineRedelivery(model.pending[step.endpoint] ?? new Map(), step);
  model.states[step.endpoint] = step.kind;
  if (step.kind === "deleted") model.pending[step.endpoint]?.clear();
}

function imagineRedelivery(pending: Map<string, number>, of: { readonly position: number; readonly at: number }): void {
  const runs = [...pending.keys()].map((key) => key.split("/").map(Number));
  const last = Math.max(...runs.filter(([at]) => at === of.position).map(([, run]) => run ?? 0));
  if (last >= 0) pending.set(`${of.position}/${last + 1}`, of.at);
}

/** Each endpoint's head as the model has it. */
const expectedHeads = (model: Model) =>
  model.endpoints.flatMap(({ key }, index) => {
    const times = [...(model.pending[index]?.values() ?? [])];
    return model.states[index] === "enabled" && times.length > 0
      ? [{ endpoint_key: key, head_at: Math.min(...times) }]
      : [];
  });

interface Log {
  readonly store: OpenedStore;
  readonly lease: Lease;
  readonly eventIds: readonly string[];
}

const heads = ({ database }: OpenedStore) =>
  database.selectFrom("hookwright_backlog").select(["endpoint_key", "head_at"]);

/** The backlog computed the slow way, over all that is pending. */
const naiveHeads = ({ database }: OpenedStore) =>
  database
    .selectFrom("hookwright_pending as p")
    .innerJoin("hookwright_endpoints as e", "e.key", "p.endpoint_key")
    .where("e.enabled", "=", 1)
    .where("e.deleted_at", "is", null)
    .groupBy("p.endpoint_key")
    .select((eb) => ["p.endpoint_key", eb.fn.min("p.due_at").as("head_at")])
    .orderBy("p.endpoint_key");

async function newModel(store: OpenedStore): Promise<Model> {
  const endpoints = [];
  for (let index = 0; index < endpointCount; index++) endpoints.push(await createEndpoint(store));
  return { endpoints, states: endpoints.map(() => "enabled"), pending: endpoints.map(() => new Map()) };
}

export function describeBacklog(open: OpenHarness): void {
  test("the backlog is what a query over all pending rows gives, after whatever happened", async () => {
    const { store } = await use(open);
    const lease = await leaseOf(store, "one");
    await store.log.append(newEvents(positionMax));
    const log = await readPage(store, { shard: lease.shard, after: 0, limit: positionMax });
    const known = { store, lease, eventIds: log.map((event) => event.id) };
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
      const model = await newModel(store);
      const keys = model.endpoints.map((each) => each.key);
      for (const each of steps) {
        await perform(known, model, each);
        imagine(model, each);
        const all = await heads(store).orderBy("endpoint_key").execute();
        expect(all).toEqual(await naiveHeads(store).execute());
        expect(all.filter((row) => keys.includes(row.endpoint_key))).toEqual(expectedHeads(model));
      }
      const pendingCount = model.pending.reduce((sum, each) => sum + each.size, 0);
      const rows = store.database.selectFrom("hookwright_pending").where("endpoint_key", "in", keys).selectAll();
      expect(await rows.execute()).toHaveLength(pendingCount);
    });
    await fc.assert(property, { numRuns: 40 });
    const found = await store.log.due({ ...claimOf(lease, 1000), endpointsMax: 1000, perEndpointMax: 1 });
    expect(found).toHaveLength((await heads(store).execute()).length);
  });
}
