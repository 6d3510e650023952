import { Kysely, Migrator, PostgresDialect, type RawBuilder } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { postgres } from "../../../runtime/store/dialects/postgres.ts";
import { migrations, migrationTables } from "../../../runtime/store/migrate.ts";
import { openStore } from "../../../runtime/store/open-store.ts";
import { createDatabase, startCluster, type Cluster } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import * as former from "./former-sequencer.ts";
import { connect, electedIn, expectComplete, idsIn, spendXids } from "./sequencer-harness.ts";

const timeout = 120_000;

describePostgres(
  "a database of the version whose sequencer's place was one xid",
  () => {
    let cluster: Cluster;
    // Transactions of other databases would hold back the former sequencer.
    beforeAll(async () => void (cluster = await startCluster()), timeout);
    afterAll(() => cluster.stop(), timeout);

    async function openFormer() {
      const { url, drop } = await createDatabase(cluster.url);
      const database = new Kysely<unknown>({
        dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }),
      });
      onTestFinished(async () => {
        await database.destroy();
        await drop();
      });
      const provider = { getMigrations: async () => migrations(postgres) };
      const { error } = await new Migrator({ db: database, provider, ...migrationTables }).migrateTo(
        "0010-public-keys",
      );
      expect(error).toBeUndefined();
      const run = async <Row>(statement: RawBuilder<Row>) => (await statement.execute(database)).rows;
      const [elected] = await run(former.elect("former"));
      const lease = { owner: "former", epoch: Number(elected?.epoch) };
      const sequence = async (limit: number) => {
        const [look] = await run(former.sequence(lease, limit));
        return { held: Number(look?.held), positioned: Number(look?.positioned) };
      };
      return { url, run, sequence };
    }

    const insert = (ids: readonly string[]) => `insert into hookwright_events
      (id, contract, type, tenant, shard, time, body)
      select id, 'stech', 'deployment.created', 'org_1', 0, 1, '{}' from unnest('{${ids.join()}}'::text[]) as id`;

    async function openMigrated(url: string) {
      const store = await openStore({ database: url });
      onTestFinished(store.close);
      return store;
    }

    test("goes on from its place, in the middle of a transaction, without what is open", { timeout }, async () => {
      const { url, sequence } = await openFormer();
      const [open, client] = [await connect(url), await connect(url)];
      await client.query(insert(["a", "b", "c", "d", "e", "f"]));
      expect(await sequence(4)).toEqual({ held: 1, positioned: 4 });
      await open.query(`begin; ${insert(["open"])}`);
      await client.query(insert(["g"]));
      const store = await openMigrated(url);
      const lease = await electedIn(store);
      await client.query(insert(["h"]));
      expect(await store.log.sequence(lease, 100)).toBe(4);
      await open.query("commit");
      expect(await store.log.sequence(lease, 100)).toBe(1);
      expect(await idsIn(store)).toEqual(["a", "b", "c", "d", "e", "f", "g", "h", "open"]);
    });

    test("goes on from a place between transactions, and with nothing positioned at all", { timeout }, async () => {
      for (const positioned of [0, 3]) {
        const { url, sequence } = await openFormer();
        const client = await connect(url);
        await client.query(insert(["a", "b", "c"]));
        if (positioned > 0) expect(await sequence(100)).toEqual({ held: 1, positioned });
        const store = await openMigrated(url);
        const lease = await electedIn(store);
        await spendXids(store, 10);
        await client.query(insert(["d"]));
        expect(await store.log.sequence(lease, 100)).toBe(4 - positioned);
        expect((await expectComplete(store)).map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
      }
    });

    test(
      "leaves processes of the former version without the lease for positions, and with all else",
      { timeout },
      async () => {
        const { url, run, sequence } = await openFormer();
        const client = await connect(url);
        await client.query(insert(["a", "b"]));
        expect(await sequence(1)).toEqual({ held: 1, positioned: 1 });
        const store = await openMigrated(url);
        expect(await sequence(100)).toEqual({ held: 0, positioned: 0 });
        await run(former.release("former"));
        for (const owner of ["former", "another"]) expect(await run(former.elect(owner))).toEqual([]);
        await client.query(insert(["c"]));
        expect(await store.log.sequence(await electedIn(store), 100)).toBe(2);
        expect(await idsIn(store)).toEqual(["a", "b", "c"]);
      },
    );
  },
  "own cluster",
);
