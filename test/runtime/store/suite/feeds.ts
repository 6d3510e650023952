import { describe, expect, test } from "vitest";
import { exercise } from "../exercise.ts";
import { use, type OpenHarness } from "./harness.ts";

export function describeFeeds(open: OpenHarness): void {
  describe("consumers of the feed", () => {
    const consumer = { tenant: "org_1", name: "billing", contract: "stech", position: 0, createdAt: 1, updatedAt: 1 };

    test("are given as they were made", async () => {
      const { store } = await use(open);
      expect(await store.feeds.createConsumer(consumer)).toBe(true);
      expect(await store.feeds.createConsumer({ ...consumer, createdAt: 2 })).toBe(false);
      expect(await store.feeds.getConsumer(consumer)).toEqual(consumer);
      expect(await store.feeds.listConsumers(consumer)).toEqual([consumer]);
    });

    test("are moved forward alone, or anywhere", async () => {
      const { store } = await use(open);
      await store.feeds.createConsumer(consumer);
      const at = 5_000_000_000_000;
      const moved = { ...consumer, updatedAt: at };
      const move = (position: number, moves: "forward" | "anywhere") =>
        store.feeds.moveConsumer({ ...consumer, position, at, moves });
      expect(await move(7, "forward")).toEqual({ ...moved, position: 7 });
      expect(await move(3, "forward")).toEqual({ ...moved, position: 7 });
      expect(await move(3, "anywhere")).toEqual({ ...moved, position: 3 });
      expect(await store.feeds.removeConsumer(consumer)).toBe(true);
      expect(await move(9, "forward")).toBeNull();
    });
  });

  test("every method answers with what its type declares", async () => {
    const { store } = await use(open);
    await exercise(store);
  });
}
