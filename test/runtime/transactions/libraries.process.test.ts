import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StechEventData } from "../../../runtime/generated/stech/emitter.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { openHookwright, type Hookwright } from "../../../runtime/open-hookwright.ts";
import type { Emitters, Askers } from "../../../runtime/generated/catalog.ts";
import { parseKeyRing } from "../../../runtime/secrets/key-ring.ts";
import { createDatabase, execute, sharedServer } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { openReceiver, type TestReceiver } from "../../receiver.ts";
import type { Library, Opened } from "./libraries.ts";
import { postgresLibraries } from "./postgres-libraries.ts";
import { openDrizzleSqlite, sqliteLibraries } from "./sqlite-libraries.ts";

type Hooks = Hookwright<Emitters & Askers>;

const orders = "create table shop_orders (id text primary key)";

function dataOf(agentName: string): StechEventData["deployment.created"] {
  return {
    deploymentId: "dep_1",
    agentId: "agent_1",
    agentName,
    machineUrl: "https://machine.acme.example/",
    deployedByUserId: null,
  };
}

/** Hookwright on a database of its own with one receiver, and the names it was told, in the order in which they came. */
async function openShop(database: string) {
  const told: string[] = [];
  const waiting = new Map<string, () => void>();
  const receiver: TestReceiver = await openReceiver(({ body }) => {
    const { agentName } = JSON.parse(body.toString()).data;
    told.push(agentName);
    waiting.get(agentName)?.();
    return 200;
  });
  const hooks = await openHookwright({
    database,
    catalog,
    keyRing: parseKeyRing(`1:${randomBytes(32).toString("base64")}`),
    allowTargets: [{ cidr: "127.0.0.0/8", portMin: receiver.port, portMax: receiver.port }],
  });
  return {
    hooks,
    told,
    subscribe: (tenant: string) =>
      hooks.endpoints.create({
        ...{ tenant, contract: "stech", url: `${receiver.url}/hooks`, description: "the test's" },
        events: ["deployment.created"],
      }),
    delivered: (name: string) =>
      told.includes(name) ? Promise.resolve() : new Promise<void>((resolve) => waiting.set(name, resolve)),
    close: async () => {
      await hooks.close();
      await receiver.close();
    },
  };
}

type Shop = Awaited<ReturnType<typeof openShop>>;

class RolledBack extends Error {}
const rollBack = () => Promise.reject(new RolledBack());

/** What each library has to do, whatever it is. */
function describeLibrary(
  library: Library,
  of: { shop: () => Shop; database: () => string; ids: () => Promise<string[]> },
) {
  describe(library.name, () => {
    let opened: Opened;
    let hooks: Hooks;
    const tenant = library.name.replaceAll(/\W+/g, "_").toLowerCase();
    const name = (what: string) => `${tenant}: ${what}`;
    beforeAll(async () => {
      opened = await library.open(of.database());
      ({ hooks } = of.shop());
      await of.shop().subscribe(tenant);
    });
    afterAll(() => opened.close());

    test("commit delivers, roll-back and roll-back to a savepoint do not", async () => {
      const emit = (what: string, tx: Parameters<Hooks["stech"]["emit"]>[1]["tx"]) =>
        hooks.stech.emit("deployment.created", { tenant, data: dataOf(name(what)), ...(tx && { tx }) });
      const rolledBack = opened.transaction(async ({ tx, insert }) => {
        await insert(name("rolled back"));
        await emit("rolled back", tx);
        await rollBack();
      });
      await expect(rolledBack).rejects.toThrow(RolledBack);
      await opened.transaction(async ({ tx, insert, savepoint }) => {
        await insert(name("committed"));
        await emit("committed", tx);
        const inner = savepoint(async (deeper) => {
          await deeper.insert(name("behind a savepoint"));
          await emit("behind a savepoint", deeper.tx);
          await rollBack();
        });
        await expect(inner).rejects.toThrow(RolledBack);
        await emit("after a savepoint", tx);
      });
      await of.shop().delivered(name("after a savepoint"));
      await of.shop().delivered(name("committed"));
      expect(
        of
          .shop()
          .told.filter((each) => each.startsWith(`${tenant}:`))
          .sort(),
      ).toEqual([name("after a savepoint"), name("committed")].sort());
      expect((await of.ids()).filter((id) => id.startsWith(`${tenant}:`))).toEqual([name("committed")]);
    });

    test("an idempotency key that was used gives the first event, in the transaction as well", async () => {
      const emit = (tx: Parameters<Hooks["stech"]["emit"]>[1]["tx"]) =>
        hooks.stech.emit("deployment.created", {
          ...{ tenant, data: dataOf(name("once")), idempotencyKey: "once" },
          ...(tx && { tx }),
        });
      await opened.transaction(async ({ tx }) => {
        const first = await emit(tx);
        const second = await emit(tx);
        expect([first.created, second.created, second.id]).toEqual([true, false, first.id]);
      });
      expect((await emit(undefined)).created).toBe(false);
    });

    test("a whole database in place of a transaction is refused, and nothing is written", async () => {
      for (const pool of opened.pools) {
        const emitted = hooks.stech.emit("deployment.created", {
          ...{ tenant, data: dataOf(name("refused")) },
          // As JavaScript may give it: the types refuse it too.
          tx: pool as never,
        });
        await expect(emitted).rejects.toMatchObject({
          code: "invalid_transaction",
          path: "tx",
          message: expect.stringMatching(
            /^tx: expected the object of a transaction that is open, got .*(Pass|Take|Run) .* Nothing was written\.$/,
          ),
        });
      }
      await opened.transaction(async ({ tx }) => {
        await hooks.stech.emit("deployment.created", { tenant, data: dataOf(name("later")), tx });
      });
      await of.shop().delivered(name("later"));
      expect(of.shop().told).not.toContain(name("refused"));
    });
  });
}

describePostgres("on PostgreSQL", () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let shop: Shop;
  beforeAll(async () => {
    database = await createDatabase(await sharedServer());
    await execute(database.url, orders);
    shop = await openShop(database.url);
  });
  afterAll(async () => {
    await shop.close();
    await database.drop();
  });
  const ids = async () => {
    const client = new pg.Client(database.url);
    await client.connect();
    const { rows } = await client.query<{ id: string }>("select id from shop_orders");
    await client.end();
    return rows.map(({ id }) => id);
  };
  for (const library of postgresLibraries)
    describeLibrary(library, { shop: () => shop, database: () => database.url, ids });
});

describe("on SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-transactions-"));
  const file = join(folder, "shop.db");
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop(file);
    const database = new DatabaseSync(file);
    database.exec(orders);
    database.close();
  });
  afterAll(async () => {
    await shop.close();
    rmSync(folder, { recursive: true });
  });
  const ids = async () => {
    const database = new DatabaseSync(file);
    const rows = database.prepare("select id from shop_orders").all();
    database.close();
    return rows.map(({ id }) => String(id));
  };
  for (const library of sqliteLibraries) describeLibrary(library, { shop: () => shop, database: () => file, ids });

  test("inside the synchronous transaction of Drizzle on better-sqlite3, and of better-sqlite3, the statement has run when emit returns", async () => {
    const { db, client, insert } = openDrizzleSqlite(file);
    await shop.subscribe("synchronous");
    const emitted: Promise<unknown>[] = [];
    const emit = (agentName: string, tx: Parameters<Hooks["stech"]["emit"]>[1]["tx"]) =>
      emitted.push(
        shop.hooks.stech.emit("deployment.created", {
          tenant: "synchronous",
          data: dataOf(agentName),
          ...(tx && { tx }),
        }),
      );
    expect(() =>
      db.transaction((tx) => {
        tx.run(insert("synchronous: rolled back"));
        emit("synchronous: rolled back", tx);
        tx.rollback();
      }),
    ).toThrow("Rollback");
    db.transaction((tx) => {
      tx.run(insert("synchronous: committed"));
      emit("synchronous: committed", tx);
    });
    client.transaction(() => emit("synchronous: better-sqlite3", client))();
    await Promise.all(emitted);
    await shop.delivered("synchronous: committed");
    await shop.delivered("synchronous: better-sqlite3");
    expect(shop.told).not.toContain("synchronous: rolled back");
    client.close();
  });
});
