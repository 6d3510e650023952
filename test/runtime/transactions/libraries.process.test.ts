import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { StechEventData } from "../../../runtime/generated/stech/emitter.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { openHookwright, type Hookwright } from "../../../runtime/open-hookwright.ts";
import type { Emitters, Askers } from "../../../runtime/generated/catalog.ts";
import type { ProductTransaction } from "../../../runtime/transactions/product-transaction.ts";
import { parseKeyRing } from "../../../runtime/secrets/key-ring.ts";
import { createDatabase, execute, sharedServer } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { openReceiver, type TestReceiver } from "../../receiver.ts";
import type { Library, Opened } from "./libraries.ts";
import { postgresLibraries } from "./postgres-libraries.ts";
import { betterSqlite3Libraries, nodeSqlite } from "./sqlite-libraries.ts";

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
async function openShop(database: string | Kysely<unknown>) {
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

/** `pg` takes a text or an object with one. */
const textOf = (query: unknown) => (typeof query === "string" ? query : String(Reflect.get(Object(query), "text")));

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
      const emit = (what: string, tx: ProductTransaction | undefined) =>
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
      const emit = (tx: ProductTransaction | undefined) =>
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

    const isOneStatement = async () => {
      const statements = vi.spyOn(pg.Client.prototype, "query");
      await opened.transaction(async ({ tx, insert }) => {
        await insert(name("counted"));
        statements.mockClear();
        await hooks.stech.emit("deployment.created", { tenant, data: dataOf(name("counted")), tx });
        const inserting = statements.mock.calls.findIndex(([query]) => textOf(query).includes("hookwright_events"));
        // The engine's connections run what they like meanwhile.
        const connection = statements.mock.contexts[inserting];
        const ofConnection = statements.mock.contexts.filter((context) => context === connection);
        expect(ofConnection.length).toBe(1);
      });
      statements.mockRestore();
    };
    if (library.runsThroughPg) test("an emit is one statement of the transaction", isOneStatement);

    const isRefusedLate = async () => {
      let late: ProductTransaction | undefined;
      await opened.transaction(async ({ tx }) => {
        late = tx;
      });
      const emitted = hooks.stech.emit("deployment.created", {
        ...{ tenant, data: dataOf(name("late")) },
        ...(late && { tx: late }),
      });
      await expect(emitted).rejects.toMatchObject({ code: library.lateCode });
    };
    if (library.lateCode !== null) test("after the transaction's end an emit in it is refused", isRefusedLate);

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
  test("a transaction of another database is named, and an emit after close has a code", async () => {
    const other = await createDatabase(await sharedServer());
    const client = new pg.Client(other.url);
    await client.connect();
    await client.query("begin");
    const elsewhere = shop.hooks.stech.emit("deployment.created", {
      ...{ tenant: "elsewhere", data: dataOf("elsewhere"), tx: client },
    });
    await expect(elsewhere).rejects.toMatchObject({
      code: "invalid_transaction",
      message: expect.stringContaining("has no tables of Hookwright"),
    });
    await client.end();
    await other.drop();
    const closed = await openShop(":memory:");
    await closed.close();
    const late = closed.hooks.stech.emit("deployment.created", { tenant: "late", data: dataOf("late") });
    await expect(late).rejects.toMatchObject({ code: "closed" });
  });

  for (const library of postgresLibraries)
    describeLibrary(library, { shop: () => shop, database: () => database.url, ids });
});

/** A file with a table of the product's, and what its rows are. */
function shopFile() {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-transactions-"));
  const path = join(folder, "shop.db");
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}

describe("on SQLite, opened by its path", () => {
  const file = shopFile();
  let shop: Shop;
  let reader: DatabaseSync;
  beforeAll(async () => {
    shop = await openShop(file.path);
    reader = new DatabaseSync(file.path);
    reader.exec(orders);
  });
  afterAll(async () => {
    reader.close();
    await shop.close();
    file.remove();
  });
  const ids = async () =>
    reader
      .prepare("select id from shop_orders")
      .all()
      .map(({ id }) => String(id));
  describeLibrary(nodeSqlite, { shop: () => shop, database: () => file.path, ids });

  test.each(betterSqlite3Libraries)("$name is refused, as its SQLite is another copy", async ({ open }) => {
    const opened = await open(":memory:");
    const emitted = opened.transaction(async ({ tx }) => {
      await shop.hooks.stech.emit("deployment.created", { tenant: "other_copy", data: dataOf("refused"), tx });
    });
    await expect(emitted).rejects.toMatchObject({
      code: "invalid_transaction",
      message: expect.stringContaining("Open Hookwright with a connection of better-sqlite3"),
    });
    await opened.close();
  });
});

describe("on SQLite, opened with a connection of better-sqlite3", () => {
  const file = shopFile();
  let shop: Shop;
  let own: BetterSqlite3.Database;
  let database: Kysely<unknown>;
  beforeAll(async () => {
    own = new BetterSqlite3(file.path);
    own.pragma("journal_mode = wal");
    own.exec(orders);
    database = new Kysely({ dialect: new SqliteDialect({ database: own }) });
    shop = await openShop(database);
  });
  afterAll(async () => {
    await shop.close();
    await database.destroy();
    file.remove();
  });
  const ids = async () =>
    own
      .prepare<[], { id: string }>("select id from shop_orders")
      .all()
      .map(({ id }) => id);
  for (const library of betterSqlite3Libraries)
    describeLibrary(library, { shop: () => shop, database: () => file.path, ids });

  test("in a synchronous transaction the statement has run when emit returns", async () => {
    const client = new BetterSqlite3(file.path);
    const db = drizzle(client);
    await shop.subscribe("synchronous");
    const emitted: Promise<unknown>[] = [];
    const emit = (agentName: string, tx: ProductTransaction) =>
      emitted.push(shop.hooks.stech.emit("deployment.created", { tenant: "synchronous", data: dataOf(agentName), tx }));
    expect(() =>
      db.transaction((tx) => {
        emit("synchronous: rolled back", tx);
        tx.rollback();
      }),
    ).toThrow("Rollback");
    db.transaction((tx) => emit("synchronous: committed", tx));
    client.transaction(() => emit("synchronous: better-sqlite3", client))();
    await Promise.all(emitted);
    await shop.delivered("synchronous: committed");
    await shop.delivered("synchronous: better-sqlite3");
    expect(shop.told).not.toContain("synchronous: rolled back");
    client.close();
  });
});
