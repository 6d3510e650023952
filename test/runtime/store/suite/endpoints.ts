import { describe, expect, test } from "vitest";
import { plainOptions } from "../../../../runtime/endpoints/settings.ts";
import type { Endpoint } from "../../../../runtime/seams/log-store.ts";
import { createEndpoint, fact, logRows, newEndpoint, newEvent, use, type OpenHarness } from "./harness.ts";

export function describeEndpoints(open: OpenHarness): void {
  describe("endpoints", () => {
    test("create writes the endpoint together with its event", async () => {
      const { store } = await use(open);
      const settings = newEndpoint({ description: "Billing", events: ["a.b", "c.d"], enabled: false });
      const created = fact({ type: "endpoint.created" });
      const endpoint = await store.endpoints.create(settings, [created]);
      expect(endpoint).toEqual({
        ...plainOptions,
        ...settings,
        key: endpoint.key,
        publicKey: null,
        declaration: null,
        subscription: null,
        failureCount: 0,
        lastFailedAt: null,
        lastFailureStatus: null,
        updatedAt: settings.createdAt,
        deletedAt: null,
      });
      expect(await store.endpoints.get(settings)).toEqual(endpoint);
      expect(await logRows(store)).toEqual([{ position: 1, id: created.id }]);
    });

    test("create writes neither when the event cannot be appended", async () => {
      const { store } = await use(open);
      const taken = newEvent();
      await store.log.append([taken]);
      await expect(store.endpoints.create(newEndpoint(), [fact({ id: taken.id })])).rejects.toThrow();
      expect(await store.endpoints.list({ tenant: "org_1", contract: "stech" })).toEqual([]);
    });

    test("list gives a tenant's endpoints of a contract in order of creation, without deleted ones", async () => {
      const { store } = await use(open);
      const first = await createEndpoint(store, { createdAt: 9 });
      const deleted = await createEndpoint(store);
      const last = await createEndpoint(store, { createdAt: 1 });
      await createEndpoint(store, { contract: "authn" });
      await createEndpoint(store, { tenant: "org_2" });
      await store.endpoints.remove({ tenant: "org_1", id: deleted.id, at: 2000 }, () => [fact()]);
      expect(await store.endpoints.list({ tenant: "org_1", contract: "stech" })).toEqual([first, last]);
    });

    test("page goes on after an endpoint, deleted or not, and gives null after one the tenant never had", async () => {
      const { store } = await use(open);
      const made = [];
      for (let index = 0; index < 4; index += 1) made.push(await createEndpoint(store));
      const other = await createEndpoint(store, { tenant: "org_2" });
      const [a, b, c, d] = made;
      await store.endpoints.remove({ tenant: "org_1", id: b!.id, at: 2000 }, () => [fact()]);
      const page = (after: string | null, limit: number) =>
        store.endpoints.page({ tenant: "org_1", contract: "stech", after, limit });
      expect(await page(null, 2)).toEqual([a, c]);
      expect(await page(b!.id, 1)).toEqual([c]);
      expect(await page(c!.id, 5)).toEqual([d]);
      expect(await page(other.id, 5)).toBeNull();
    });

    test("options are kept as they were given, and changed one by one", async () => {
      const { store } = await use(open);
      const options = {
        paused: true,
        filter: "data.a = 1",
        headers: { "x-team": "billing" },
        metadata: { owner: "ops" },
        ratePerSecond: 5,
        inFlightMax: 2,
      };
      const { id } = await createEndpoint(store, options);
      const of = { tenant: "org_1", id };
      expect(await store.endpoints.get(of)).toMatchObject(options);
      const change = { filter: null, ratePerSecond: null, headers: {} };
      await store.endpoints.update({ ...of, at: 5 }, change, () => [fact()]);
      expect(await store.endpoints.get(of)).toMatchObject({ ...options, ...change });
    });

    test("update changes what is given, and its event is made from the endpoint after the change", async () => {
      const { store } = await use(open);
      const endpoint = await createEndpoint(store, { description: "Billing" });
      const change = { url: "https://example.org/", description: null, events: ["a"] };
      const expected = { ...endpoint, ...change, updatedAt: 2000 };
      const [event, companion] = [fact(), newEvent()];
      const after = await store.endpoints.update({ tenant: "org_1", id: endpoint.id, at: 2000 }, change, (changed) => {
        expect(changed).toEqual(expected);
        return [event, companion];
      });
      expect(after).toEqual(expected);
      expect(await store.endpoints.get(endpoint)).toEqual(expected);
      expect((await logRows(store)).slice(-2).map(({ id }) => id)).toEqual([event.id, companion.id]);
    });

    test("update writes nothing when its event cannot be made", async () => {
      const { store } = await use(open);
      const endpoint = await createEndpoint(store);
      const broken = store.endpoints.update({ tenant: "org_1", id: endpoint.id, at: 2000 }, { enabled: false }, () => {
        throw new Error("no event");
      });
      await expect(broken).rejects.toThrow("no event");
      expect(await store.endpoints.get(endpoint)).toEqual(endpoint);
    });

    test("rotate makes the secrets from those before it, one rotation after the other", async () => {
      const { store } = await use(open);
      const endpoint = await createEndpoint(store, { sealedSecret: "s0" });
      const of = { tenant: "org_1", id: endpoint.id, at: 2000 };
      const rotate = (sealedSecret: string) =>
        store.endpoints.rotate(
          of,
          (before) => ({ sealedSecret, previousSecret: { sealed: `old ${before.sealedSecret}`, expiresAt: 9000 } }),
          (after) => [fact({ body: `${after.sealedSecret} after ${after.previousSecret?.sealed}` })],
        );
      const rotated = await Promise.all([rotate("s1"), rotate("s2")]);
      const bodies = (await store.log.facts({ tenants: ["org_1"], upTo: 99 })).slice(-2).map(({ body }) => body);
      expect(bodies).toEqual(
        rotated[0]?.previousSecret?.sealed === "old s0"
          ? ["s1 after old s0", "s2 after old s1"]
          : ["s2 after old s0", "s1 after old s2"],
      );
      expect(await store.endpoints.get(endpoint)).toMatchObject({
        ...endpoint,
        ...rotated.find(isLast),
        updatedAt: 2000,
      });

      function isLast(each: Endpoint | null): boolean {
        return each?.previousSecret?.sealed !== "old s0";
      }
    });

    test("rotate keeps no secret before it when there is none to keep, and changes nothing that is not there", async () => {
      const { store } = await use(open);
      const endpoint = await createEndpoint(store);
      const of = { tenant: "org_1", id: endpoint.id, at: 2000 };
      const kept = { sealedSecret: "s1", previousSecret: { sealed: "s0", expiresAt: 9000 } };
      const none = { sealedSecret: "s2", previousSecret: null };
      expect(
        await store.endpoints.rotate(
          of,
          () => kept,
          () => [fact()],
        ),
      ).toMatchObject(kept);
      expect(
        await store.endpoints.rotate(
          of,
          () => none,
          () => [fact()],
        ),
      ).toMatchObject(none);
      expect((await store.log.endpointsOf(["org_1"]))[0]).toMatchObject(none);
      const unexpected = () => expect.unreachable("there is no such endpoint");
      expect(await store.endpoints.rotate({ ...of, tenant: "org_2" }, unexpected, unexpected)).toBeNull();
    });

    test("R-STECH-67: enabling an endpoint again leaves its failures in a row as they were", async () => {
      const { store } = await use(open);
      const { key, id } = await createEndpoint(store, { enabled: false });
      const failed = { failure_count: 50, last_failed_at: 7, last_failure_status: 503 };
      await store.database.updateTable("hookwright_endpoints").set(failed).where("key", "=", key).execute();
      const after = await store.endpoints.update({ tenant: "org_1", id, at: 2000 }, { enabled: true }, () => [fact()]);
      expect(after).toMatchObject({ enabled: true, failureCount: 50, lastFailedAt: 7, lastFailureStatus: 503 });
    });

    test("remove hides the endpoint from its owner, once", async () => {
      const { store } = await use(open);
      const endpoint = await createEndpoint(store);
      const of = { tenant: "org_1", id: endpoint.id, at: 2000 };
      const event = fact({ type: "endpoint.deleted" });
      expect(await store.endpoints.remove(of, (removed) => [{ ...event, body: removed.id }])).toBe(true);
      const unexpected = () => expect.unreachable("nothing happened, so there is no event");
      expect(await store.endpoints.get(endpoint)).toBeNull();
      expect(await store.endpoints.remove(of, unexpected)).toBe(false);
      expect(await store.endpoints.update(of, { enabled: true }, unexpected)).toBeNull();
      expect((await store.log.facts({ tenants: ["org_1"], upTo: 99 })).at(-1)).toMatchObject({
        ...event,
        body: endpoint.id,
      });
    });

    test("are out of reach of another tenant", async () => {
      const { store } = await use(open);
      const endpoint = await createEndpoint(store);
      const before = await logRows(store);
      const of = { tenant: "org_2", id: endpoint.id, at: 2000 };
      expect(await store.endpoints.get(of)).toBeNull();
      expect(await store.endpoints.update(of, { url: "https://evil.example" }, () => [fact()])).toBeNull();
      expect(await store.endpoints.remove(of, () => [fact()])).toBe(false);
      expect(await store.endpoints.list({ tenant: "org_2", contract: "stech" })).toEqual([]);
      expect(await store.endpoints.get(endpoint)).toEqual(endpoint);
      expect(await logRows(store)).toEqual(before);
    });
  });
}
