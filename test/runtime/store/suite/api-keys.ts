import { describe, expect, test } from "vitest";
import type { ApiKey, PortalToken } from "../../../../runtime/seams/api-key-store.ts";
import { fact, use, type OpenHarness } from "./harness.ts";

const apiKey = (id: string, over: Partial<ApiKey> = {}): ApiKey => ({
  id,
  tenant: "org_1",
  role: "admin",
  description: null,
  hash: `hash of ${id}`,
  createdAt: 1000,
  expiresAt: null,
  lastUsedAt: null,
  ...over,
});

export function describeApiKeys(open: OpenHarness): void {
  describe("API keys", () => {
    test("are found by the hash of the key", async () => {
      const { store } = await use(open);
      const keys = [apiKey("key_1", { description: "CI" }), apiKey("key_2", { tenant: "org_2", role: "owner" })];
      for (const key of keys) await store.apiKeys.create(key, [fact()]);
      const found = await store.apiKeys.findByHashes(["hash of key_2", "hash of nothing", "hash of key_1"]);
      expect(found.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(keys);
      expect(await store.apiKeys.findByHashes(["hash of key_2"])).toEqual([keys[1]]);
      expect(await store.apiKeys.findByHashes(["hash of nothing"])).toEqual([]);
    });

    test("two keys never share a hash", async () => {
      const { store } = await use(open);
      await store.apiKeys.create(apiKey("key_1"), [fact()]);
      await expect(store.apiKeys.create(apiKey("key_2", { hash: "hash of key_1" }), [fact()])).rejects.toThrow();
    });

    test("are listed and removed by their tenant alone", async () => {
      const { store } = await use(open);
      const [first, second] = [apiKey("key_b"), apiKey("key_a", { createdAt: 2000 })];
      const other = apiKey("key_c", { tenant: "org_2" });
      for (const key of [second, other, first]) await store.apiKeys.create(key, [fact()]);
      expect(await store.apiKeys.list({ tenant: "org_1" })).toEqual([first, second]);
      expect(await store.apiKeys.remove({ tenant: "org_1", id: other.id }, [fact()])).toBe(false);
      expect(await store.apiKeys.remove({ tenant: "org_1", id: first.id }, [fact()])).toBe(true);
      expect(await store.apiKeys.remove({ tenant: "org_1", id: first.id }, [fact()])).toBe(false);
      expect(await store.apiKeys.list({ tenant: "org_1" })).toEqual([second]);
      expect(await store.apiKeys.findByHashes([first.hash, other.hash])).toEqual([other]);
    });

    test("stand in the log together with what says so, and a change that is none says nothing", async () => {
      const { store } = await use(open);
      const facts = [fact(), fact(), fact()] as const;
      await store.apiKeys.create(apiKey("key_1"), [facts[0]]);
      await expect(store.apiKeys.create(apiKey("key_1"), [facts[1]])).rejects.toThrow();
      expect(await store.apiKeys.remove({ tenant: "org_2", id: "key_1" }, [facts[1]])).toBe(false);
      expect(await store.apiKeys.remove({ tenant: "org_1", id: "key_1" }, [facts[2]])).toBe(true);
      const of = { tenant: "org_1", contract: "hookwright", types: null, after: 0, limit: 10 };
      expect((await store.events.list(of)).map(({ id }) => id)).toEqual([facts[0].id, facts[2].id]);
    });

    test("have their last use noted where none was noted since", async () => {
      const { store } = await use(open);
      await store.apiKeys.create(apiKey("key_1"), [fact()]);
      const usedAt = async () => (await store.apiKeys.findByHashes(["hash of key_1"]))[0]?.lastUsedAt;
      await store.apiKeys.noteUse({ id: "key_1", at: 5000, unlessAfter: 4000 });
      expect(await usedAt()).toBe(5000);
      await store.apiKeys.noteUse({ id: "key_1", at: 5900, unlessAfter: 4900 });
      expect(await usedAt()).toBe(5000);
      await store.apiKeys.noteUse({ id: "key_1", at: 6000, unlessAfter: 5000 });
      expect(await usedAt()).toBe(6000);
    });
  });

  describe("portal tokens", () => {
    const token = (id: string, over: Partial<PortalToken> = {}): PortalToken => ({
      ...{ id, tenant: "org_1", scope: "read", hash: `hash of ${id}`, expiresAt: 2000 },
      ...over,
    });

    test("are found by the hash of the token, until another one of the tenant is made after they expired", async () => {
      const { store } = await use(open);
      const [old, kept, others] = [token("a"), token("b", { expiresAt: 2001 }), token("c", { tenant: "org_2" })];
      for (const each of [old, kept, others]) await store.portalTokens.create(each, { now: 1000, facts: [fact()] });
      expect(await store.portalTokens.findByHashes([old.hash])).toEqual([old]);
      const last = token("d", { scope: "manage", expiresAt: 5000 });
      await store.portalTokens.create(last, { now: 2000, facts: [fact()] });
      const found = await store.portalTokens.findByHashes([old, kept, others, last].map((each) => each.hash));
      expect(found.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([kept, others, last]);
    });
  });
}
