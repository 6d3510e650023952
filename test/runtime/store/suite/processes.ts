import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { liveForMs } from "../../../../runtime/seams/process-store.ts";
import { use, type OpenHarness } from "./harness.ts";

const one = { id: "one", host: "web-1", pid: 1, keyIds: ["newer", "older"] };
const two = { ...one, id: "two", pid: 2 };

export function describeProcesses(open: OpenHarness): void {
  describe("processes", () => {
    test("know of each other, and of the keys that each knows as of when it was last seen", async () => {
      const { store, openAnother } = await use(open);
      const other = await openAnother();
      expect(await store.processes.seen(one)).toEqual([]);
      expect(await other.processes.seen({ ...two, keyIds: ["older"] })).toEqual([one]);
      expect(await other.processes.seen(two)).toEqual([one]);
      expect(await store.processes.seen(one)).toEqual([two]);
      expect(await store.processes.live()).toEqual([one, two]);
    });

    test("are forgotten when they end, and when they are not seen any more", async () => {
      const { store } = await use(open);
      for (const each of [one, two]) await store.processes.seen(each);
      await store.processes.leave("two");
      expect(await store.processes.live()).toEqual([one]);
      await store.processes.seen(two);
      const age = (ms: number) =>
        sql`update hookwright_processes set seen_at = seen_at - ${ms} where id = 'two'`.execute(store.database);
      await age(liveForMs - 5000);
      expect(await store.processes.live()).toEqual([one, two]);
      await age(5000);
      expect(await store.processes.live()).toEqual([one]);
      expect(await store.processes.seen(one)).toEqual([]);
      expect((await sql`select id from hookwright_processes`.execute(store.database)).rows).toEqual([{ id: "one" }]);
    });
  });
}
