import { describe, expect, test } from "vitest";
import { shardOf } from "../../../runtime/store/shard.ts";

describe("shardOf", () => {
  test.each([
    ["", 0x811c9dc5],
    ["a", 0xe40c292c],
    ["foobar", 0xbf9cf968],
  ])("is 32-bit FNV-1a: %j", (tenant, hash) => {
    expect(shardOf(tenant, 2 ** 32)).toBe(hash);
  });

  test("does not change for tenants that have events", () => {
    expect(["org_1", "org_2", "org_é", "tenant-9"].map((tenant) => shardOf(tenant, 16))).toMatchInlineSnapshot(`
      [
        9,
        0,
        14,
        3,
      ]
    `);
  });

  test("spreads tenants over all shards", () => {
    const shards = Array.from({ length: 1600 }, (_, index) => shardOf(`org_${index}`, 16));
    const counts = Object.values(Object.groupBy(shards, String)).map((group) => group?.length ?? 0);
    expect(counts).toHaveLength(16);
    expect(Math.min(...counts)).toBeGreaterThan(50);
  });

  test("is 0 when there is one", () => expect(shardOf("org_1", 1)).toBe(0));
});
