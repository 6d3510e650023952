import { describe, expect, test } from "vitest";
import { exercise } from "../exercise.ts";
import { use, type OpenHarness, told } from "./harness.ts";

export function describeFeeds(open: OpenHarness): void {
  describe("consumers of the feed", () => {
    const consumer = { tenant: "org_1", name: "billing", contract: "stech", position: 0, createdAt: 1, updatedAt: 1 };

    test("are given as they were made", async () => {
      const { store } = await use(open);
      expect(await store.feeds.createConsumer(consumer, told())).toBe(true);
      expect(await store.feeds.createConsumer({ ...consumer, createdAt: 2 }, told())).toBe(false);
      expect(await store.feeds.getConsumer(consumer)).toEqual(consumer);
      expect(await store.feeds.listConsumers(consumer)).toEqual([consumer]);
    });

    test("are moved forward alone, or anywhere", async () => {
      const { store } = await use(open);
      await store.feeds.createConsumer(consumer, told());
      const at = 5_000_000_000_000;
      const moved = { ...consumer, updatedAt: at };
      const { commitConsumer, moveConsumer, removeConsumer } = store.feeds;
      expect(await commitConsumer({ ...consumer, position: 7, at })).toEqual({ ...moved, position: 7 });
      expect(await commitConsumer({ ...consumer, position: 3, at })).toEqual({ ...moved, position: 7 });
      expect(await moveConsumer({ ...consumer, position: 3, at }, told)).toEqual({ ...moved, position: 3 });
      expect(await removeConsumer(consumer, told)).toBe(true);
      expect(await commitConsumer({ ...consumer, position: 9, at })).toBeNull();
      expect(await moveConsumer({ ...consumer, position: 9, at }, told)).toBeNull();
    });
  });

  test("every method answers with what its type declares", async () => {
    const { store } = await use(open);
    await exercise(store);
  });
}
