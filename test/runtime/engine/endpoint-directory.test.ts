import { onTestFinished, expect, test } from "vitest";
import { createEndpointDirectory } from "../../../runtime/engine/endpoints/directory.ts";
import type { LogStore } from "../../../runtime/seams/log-store.ts";
import { anyDataCatalog } from "./any-data-catalog.ts";
import { answer, deployment, openHarness, type Harness, type Receiver } from "./harness.ts";

async function open(receive: Receiver): Promise<Harness> {
  const harness = await openHarness(receive);
  onTestFinished(harness.close);
  return harness;
}

/** The log, and of which tenants somebody asked for the endpoints. */
function watched(log: LogStore): { readonly log: LogStore; readonly asked: string[] } {
  const asked: string[] = [];
  const endpointsOf: LogStore["endpointsOf"] = (tenants) => {
    asked.push(...tenants);
    return log.endpointsOf(tenants);
  };
  return { log: { ...log, endpointsOf }, asked };
}

const emit = (harness: Harness, tenant: string) =>
  harness.emit("stech", "deployment.created", { tenant, data: deployment });

test("tenants that were not asked for longest are forgotten, but for those in use, and read again when they are asked for", async () => {
  const harness = await open(() => answer(204));
  const endpoints = new Map<string, number>();
  for (const tenant of ["a", "b", "c", "d"]) endpoints.set(tenant, (await harness.createEndpoint({ tenant })).key);
  const { log, asked } = watched(harness.store.log);
  const directory = createEndpointDirectory({ store: log, catalog: anyDataCatalog() });
  await directory.refresh(["a", "b", "c", "d"]);
  const known = (tenant: string) => directory.byKey(endpoints.get(tenant) ?? 0);
  const first = known("a");
  await directory.refresh(["b"]);
  directory.forget(4, () => new Set());
  expect(known("c")).toBeDefined();
  directory.forget(2, () => new Set(["a"]));
  expect(known("a")).toBe(first);
  expect(["b", "c", "d"].map((tenant) => known(tenant) !== undefined)).toEqual([true, false, false]);
  asked.length = 0;
  await directory.refresh(["a", "b", "c"]);
  expect(asked).toEqual(["c"]);
  expect(known("c")?.endpoint.tenant).toBe("c");
});

test("an engine with more tenants than it remembers delivers to all of them, and counts each one's failures on", async () => {
  const harness = await open(({ url }) => answer(url.pathname.endsWith("fails") ? 500 : 204));
  const { log, asked } = watched(harness.store.log);
  await harness.startEngine({ tenantsMax: 2 }, log);
  const tenants = ["a", "b", "c", "d", "e"];
  const failing = await harness.createEndpoint({ tenant: "a", url: "https://hooks.example/fails" });
  for (const tenant of tenants.slice(1)) await harness.createEndpoint({ tenant });
  for (let round = 0; round < 3; round += 1) {
    for (const tenant of tenants) {
      await emit(harness, tenant);
      await harness.untilIdle();
    }
  }
  expect(harness.received.length).toBe(15);
  // Every round finds the first one forgotten.
  expect(asked.filter((tenant) => tenant === "b").length).toBeGreaterThanOrEqual(3);
  const after = await harness.store.endpoints.get({ tenant: "a", id: failing.id });
  expect(after?.failureCount).toBe(3);
});
