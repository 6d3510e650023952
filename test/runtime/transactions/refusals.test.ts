import { describe, expect, test } from "vitest";
import { executorIn } from "../../../runtime/transactions/executor-in.ts";
import { withNumbers, withQuestionMarks } from "../../../runtime/transactions/placeholders.ts";

const opened = "another";
const run = (tx: unknown) => executorIn(tx, { opened }).query("insert into hookwright_events values ($1)", ["a"]);

describe("what is not known is refused with the ways", () => {
  test.each([
    [null, "null"],
    ["tx", "a string"],
    [{}, "an object without query(sql, parameters)"],
    [new Map(), "an object of the class Map"],
    [() => {}, "a function"],
  ])("%o", (tx, got) => {
    expect(() => executorIn(tx, { opened })).toThrow(
      expect.objectContaining({
        code: "invalid_transaction",
        message: expect.stringContaining(`got ${got}. Pass the`),
      }),
    );
  });
});

describe("a transaction that has ended has a code of its own", () => {
  const query = () => Promise.reject(new Error("not reached"));
  test.each([
    ["a client of pg", { query, getTransactionStatus: () => "I", readyForQuery: true }],
    ["a query runner of TypeORM", { query, isTransactionActive: false }],
    ["a transaction of Sequelize", { sequelize: { query }, commit: query, rollback: query, finished: "commit" }],
    [
      "a transaction of Knex",
      Object.assign(() => {}, { raw: query, transaction: query, isTransaction: true, isCompleted: () => true }),
    ],
  ])("%s", (_, tx) => {
    expect(() => executorIn(tx, { opened })).toThrow(expect.objectContaining({ code: "transaction_closed" }));
  });

  test("also where the library says so itself", async () => {
    const said = {
      query: () => Promise.reject(new Error("failed", { cause: new Error("Transaction is already committed") })),
    };
    await expect(run(said)).rejects.toMatchObject({ code: "transaction_closed" });
  });

  test("a client of pg whose BEGIN is on its way is taken", () => {
    const tx = { query: async () => ({ rows: [] }), getTransactionStatus: () => "I", readyForQuery: false };
    expect(() => executorIn(tx, { opened })).not.toThrow();
  });
});

test.each([
  'relation "hookwright_events" does not exist',
  'relation "other.hookwright_events" does not exist',
  "no such table: hookwright_events",
])("a database without our tables is named: %s", async (message) => {
  const parent = Object.assign(new Error("failed"), { driverError: new Error(message) });
  await expect(run({ query: () => Promise.reject(parent) })).rejects.toMatchObject({
    code: "invalid_transaction",
    message: expect.stringContaining("has no tables of Hookwright"),
  });
});

test("any other error of a statement stays what it is", async () => {
  const error = new Error("duplicate key");
  await expect(run({ query: () => Promise.reject(error) })).rejects.toBe(error);
});

test("placeholders are written as a library wants them", () => {
  const numbered = { sql: "values ($2, $1, $2)", parameters: ["a", "b"] };
  expect(withQuestionMarks(numbered)).toEqual({ sql: "values (?, ?, ?)", parameters: ["b", "a", "b"] });
  expect(withQuestionMarks({ sql: "values (?)", parameters: ["a"] })).toEqual({ sql: "values (?)", parameters: ["a"] });
  expect(withNumbers({ sql: "values (?, ?)", parameters: ["a", "b"] }).sql).toBe("values ($1, $2)");
});
