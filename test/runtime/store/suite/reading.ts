import { describe, expect, test } from "vitest";
import {
  createEndpoint,
  fact,
  leaseOf,
  leasesOf,
  logRows,
  newEvent,
  newEvents,
  use,
  type OpenHarness,
  readPage,
} from "./harness.ts";

const ids = (events: readonly { readonly id: string }[]) => events.map((event) => event.id);

export function describeReading(open: OpenHarness): void {
  describe("read", () => {
    test("gives a shard's events after a position, in order and up to a limit", async () => {
      const { store } = await use(open);
      const { shard } = await leaseOf(store, "one");
      const events = newEvents(10);
      await store.log.append(events);
      const page = await readPage(store, { shard, after: 3, limit: 4 });
      expect(page.map((event) => event.position)).toEqual([4, 5, 6, 7]);
      expect(page).toEqual(events.slice(2, 6).map((event, index) => ({ ...event, position: index + 4 })));
      expect(await readPage(store, { shard, after: 11, limit: 4 })).toEqual([]);
    });

    test("passes over some tenants, as far as a position; and gives the events of one alone", async () => {
      const { store } = await use(open);
      const tenants = ["org_1", "org_2", "org_1", "org_3", "org_1", "org_2"];
      await store.log.append(tenants.map((tenant) => newEvent({ tenant })));
      const leases = await leasesOf(store, "one");
      const passing = async (over: readonly string[], upTo: number) => {
        const read = leases.map(({ shard }) =>
          store.log.readWithout({ shard, after: 0, limit: 10, tenants: over, upTo }),
        );
        return (await Promise.all(read)).flat().map(({ position }) => position);
      };
      expect((await passing(["org_1"], 5)).sort()).toEqual([2, 4]);
      expect((await passing(["org_1", "org_3"], 6)).sort()).toEqual([2, 6]);
      const own = await store.log.readTenant({ tenant: "org_1", after: 1, upTo: 5, limit: 10 });
      expect(own.map(({ position }) => position)).toEqual([3, 5]);
      expect(await store.log.readTenant({ tenant: "org_1", after: 0, upTo: 4, limit: 1 })).toMatchObject([
        { position: 1 },
      ]);
    });

    test("over all shards gives every event once", async () => {
      const { store } = await use(open);
      await store.log.append(Array.from({ length: 50 }, (_, index) => newEvent({ tenant: `org_${index}` })));
      const leases = await leasesOf(store, "one");
      const pages = await Promise.all(leases.map(({ shard }) => readPage(store, { shard, after: 0, limit: 100 })));
      expect(ids(pages.flat()).sort()).toEqual(ids(await logRows(store)).sort());
    });
  });

  test("facts are the events about endpoints of these tenants, up to a position", async () => {
    const { store } = await use(open);
    const facts = [fact(), fact({ tenant: "org_2" }), fact({ tenant: "org_3" }), fact(), fact({ tenant: "org_2" })];
    await store.log.append(facts.flatMap((each) => [newEvent({ tenant: each.tenant }), each]));
    const found = await store.log.facts({ tenants: ["org_1", "org_2"], upTo: 8 });
    expect(found.map((event) => event.position)).toEqual([2, 4, 8]);
    expect(ids(found)).toEqual([facts[0]?.id, facts[1]?.id, facts[3]?.id]);
    expect(await store.log.facts({ tenants: [], upTo: 8 })).toEqual([]);
  });

  test("endpointsOf gives the endpoints of these tenants, deleted ones included", async () => {
    const { store } = await use(open);
    const kept = await createEndpoint(store);
    const deleted = await createEndpoint(store, { tenant: "org_2" });
    await createEndpoint(store, { tenant: "org_3" });
    await store.endpoints.remove({ tenant: "org_2", id: deleted.id, at: 2000 }, () => [fact()]);
    const found = await store.log.endpointsOf(["org_1", "org_2"]);
    expect(found).toEqual([kept, { ...deleted, updatedAt: 2000, deletedAt: 2000 }]);
  });

  describe("events.list", () => {
    test("gives a tenant's events of one contract, by type, after a position", async () => {
      const { store } = await use(open);
      const types = ["a", "b", "c", "a", "b", "c"];
      await store.log.append(types.map((type) => newEvent({ type })));
      await store.log.append([newEvent({ tenant: "org_2" }), newEvent({ contract: "authn" }), newEvent()]);
      const of = { tenant: "org_1", contract: "stech", types: null, after: 0, limit: 100 };
      const positions = async (over: object) =>
        (await store.events.list({ ...of, ...over })).map((event) => event.position);
      expect(await positions({})).toEqual([1, 2, 3, 4, 5, 6, 9]);
      expect(await positions({ types: ["a", "c"] })).toEqual([1, 3, 4, 6]);
      expect(await positions({ types: [] })).toEqual([]);
      expect(await positions({ after: 4, limit: 2 })).toEqual([5, 6]);
      expect(await positions({ tenant: "org_2" })).toEqual([7]);
      expect(await positions({ contract: "authn" })).toEqual([8]);
    });
  });

  test("ping answers while the store is open, and throws after", async () => {
    const { openAnother } = await use(open);
    const store = await openAnother();
    await store.ping();
    await store.close();
    await expect(store.ping()).rejects.toThrow();
  });
}
