import { HookwrightError } from "../errors.ts";
import { isObject } from "./members.ts";

/** The error for something that is no transaction; `way` says how to get one. */
export function notTransaction(got: string, way: string): HookwrightError {
  const message = `tx: expected the object of a transaction that is open, got ${got}. ${way} Nothing was written.`;
  return new HookwrightError("invalid_transaction", message, { path: "tx" });
}

/** The error for a transaction that was committed or rolled back before the emit. */
export function transactionClosed(library: string, cause?: unknown): HookwrightError {
  const message =
    `tx: the transaction of ${library} has ended already, so the event would not be part of it. ` +
    "Await emit inside the transaction, before it commits. Nothing was written.";
  return new HookwrightError("transaction_closed", message, { path: "tx", cause });
}

/** What libraries say of a statement after the transaction's end, where no member tells so before it. */
const endedMessages =
  /Transaction is already (committed|rolled back)|Transaction query already complete|Transaction already closed|Transaction is closed/;

const missingTable =
  /(relation|table)[: ]+"?(\w+\.)?hookwright_\w+"? does not exist|no such table: (\w+\.)?hookwright_/;

/** Gives the error of a statement a code, where its reason is that the transaction is the wrong one. */
export function explainFailure(library: string, error: unknown): unknown {
  const texts = messagesOf(error);
  if (texts.some((text) => endedMessages.test(text))) return transactionClosed(library, error);
  if (!texts.some((text) => missingTable.test(text))) return error;
  const message =
    `tx: the transaction of ${library} is in a database, or a schema, that has no tables of Hookwright. ` +
    "Emit in the database that Hookwright was opened with, or open it with the one that the transaction is in.";
  return new HookwrightError("invalid_transaction", message, { path: "tx", cause: error });
}

const causesMax = 5;

/** The message of an error and of those it wraps, under the names that libraries give them. */
function messagesOf(error: unknown, depth = 0): readonly string[] {
  if (!isObject(error) || depth === causesMax) return [];
  const message: unknown = Reflect.get(error, "message");
  const causes = ["cause", "driverError", "parent"].map((name): unknown => Reflect.get(error, name));
  return [...(typeof message === "string" ? [message] : []), ...causes.flatMap((each) => messagesOf(each, depth + 1))];
}

/** What an object is, for a message: never its content. */
export function describe(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (!isObject(value)) return value === null ? "null" : `a ${typeof value}`;
  const { constructor } = value;
  const name = typeof constructor === "function" && constructor !== Object ? constructor.name : "";
  return name === "" ? "an object without query(sql, parameters)" : `an object of the class ${name}`;
}
