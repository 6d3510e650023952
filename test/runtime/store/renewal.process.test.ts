import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../../runtime/store/open-store.ts";
import { createDatabase, sharedServer } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { settlement } from "./suite/harness.ts";

/** A store, and the statements that it has run since it was last asked. */
async function openCounted(url: string) {
  const pool = new pg.Pool({ connectionString: url });
  pool.on("error", () => {});
  const texts: string[] = [];
  pool.on("connect", (client) => {
    const query = client.query.bind(client) as (...of: unknown[]) => unknown;
    client.query = ((first: string | { readonly text: string }, ...rest: unknown[]) => {
      texts.push(typeof first === "string" ? first : first.text);
      return query(first, ...rest);
    }) as typeof client.query;
  });
  const store = await openStore({ database: pool });
  const close = async () => {
    await store.close();
    await pool.end();
  };
  return { close, log: store.log, taken: () => texts.splice(0).filter((text) => !text.includes("pg_backend_pid")) };
}

async function openTwo() {
  const { url, drop } = await createDatabase(await sharedServer());
  const stores = [await openCounted(url), await openCounted(url)] as const;
  onTestFinished(async () => {
    for (const { close } of stores) await close();
    await drop();
  });
  return stores;
}

const request = (owner: string, leaseMs = 60_000) => ({ owner, leaseMs, takes: "share" }) as const;

describePostgres("a renewal of leases", () => {
  test("gives the cursors as they are now", async () => {
    const [{ log, taken }] = await openTwo();
    const [lease] = (await log.lease(request("one"))).shards;
    if (lease === undefined) throw new Error("No shard was leased.");
    await log.settle([settlement(lease, { cursor: 7, diverted: [{ tenant: "org_1", cursor: 5 }] })]);
    taken();
    const [again] = (await log.lease(request("one"))).shards;
    expect(again).toMatchObject({ cursor: 7, diversions: [{ tenant: "org_1", cursor: 5 }] });
    expect(taken()).toHaveLength(1);
  });

  test("is one statement while nobody comes or goes", async () => {
    const [{ log, taken }] = await openTwo();
    const first = await log.lease(request("one"));
    taken();
    expect(await log.lease(request("one"))).toEqual(first);
    expect(taken()).toHaveLength(1);
  });

  test("puts off the end of what it renews", async () => {
    const [{ log }, other] = await openTwo();
    await log.lease(request("one", 300));
    await log.lease(request("one"));
    await new Promise((resolve) => setTimeout(resolve, 350));
    const { shards, sequencer } = await other.log.lease(request("two"));
    expect([shards, sequencer]).toEqual([[], null]);
  });

  test("gives its surplus when another owner came, and takes what is free when that one went", async () => {
    const [{ log }, other] = await openTwo();
    const count = (await log.lease(request("one"))).shards.length;
    await other.log.lease(request("two"));
    const surplus = (await log.lease(request("one"))).shards.filter(({ isSurplus }) => isSurplus);
    expect(surplus).toHaveLength(count / 2);
    await log.release({ owner: "one", shards: surplus.map(({ shard }) => shard) });
    await log.lease(request("one"));
    expect((await other.log.lease(request("two"))).shards).toHaveLength(count / 2);
    await other.log.release({ owner: "two", shards: "all" });
    expect((await log.lease(request("one"))).shards).toHaveLength(count);
  });

  test("elects a sequencer when the one before has ended", async () => {
    const [{ log }, other] = await openTwo();
    expect((await log.lease(request("one"))).sequencer).not.toBeNull();
    expect((await other.log.lease(request("two"))).sequencer).toBeNull();
    await log.release({ owner: "one", shards: "all" });
    expect((await other.log.lease(request("two"))).sequencer).not.toBeNull();
  });
});
