import { describe, expect, test } from "vitest";
import type { ApiKey } from "../../../../runtime/api-key-store.ts";
import { use, type OpenHarness } from "./harness.ts";

const apiKey = (id: string, over: Partial<ApiKey> = {}): ApiKey => ({
  id,
  tenant: "org_1",
  role: "admin",
  description: null,
  hash: `hash of ${id}`,
  createdAt: 1000,
  ...over,
});

export function describeApiKeys(open: OpenHarness): void {
  describe("API keys", () => {
    test("are found by the hash of the key", async () => {
      const { store } = await use(open);
      const keys = [apiKey("key_1", { description: "CI" }), apiKey("key_2", { tenant: "org_2", role: "owner" })];
      for (const key of keys) await store.apiKeys.create(key);
      for (const key of keys) expect(await store.apiKeys.findByHash(key.hash)).toEqual(key);
      expect(await store.apiKeys.findByHash("hash of nothing")).toBeNull();
    });

    test("two keys never share a hash", async () => {
      const { store } = await use(open);
      await store.apiKeys.create(apiKey("key_1"));
      await expect(store.apiKeys.create(apiKey("key_2", { hash: "hash of key_1" }))).rejects.toThrow();
    });

    test("are listed and removed by their tenant alone", async () => {
      const { store } = await use(open);
      const [first, second] = [apiKey("key_b"), apiKey("key_a", { createdAt: 2000 })];
      const other = apiKey("key_c", { tenant: "org_2" });
      for (const key of [second, other, first]) await store.apiKeys.create(key);
      expect(await store.apiKeys.list({ tenant: "org_1" })).toEqual([first, second]);
      expect(await store.apiKeys.remove({ tenant: "org_1", id: other.id })).toBe(false);
      expect(await store.apiKeys.remove({ tenant: "org_1", id: first.id })).toBe(true);
      expect(await store.apiKeys.remove({ tenant: "org_1", id: first.id })).toBe(false);
      expect(await store.apiKeys.list({ tenant: "org_1" })).toEqual([second]);
      expect(await store.apiKeys.findByHash(first.hash)).toBeNull();
      expect(await store.apiKeys.findByHash(other.hash)).toEqual(other);
    });
  });
}
