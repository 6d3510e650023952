/*
 * A process that makes an action and asks it until it is killed. Says "killed" when the database says so, and then waits
 * for its end.
 *
 *   node asking-process.ts <database> <url>
 */
import { catalog } from "../../runtime/generated/catalog.ts";
import { question } from "./asking-question.ts";
import { openWholeApp } from "./whole-app.ts";

const [database = "", url = ""] = process.argv.slice(2);
process.stdin.on("end", () => process.exit(1)).resume();
const app = await openWholeApp(database);
const { action } = await app.actions.create({ ...question, contract: catalog.authio.declaration.id, url }, question);
for (let isKilled = false; !isKilled; isKilled = (await app.actions.get(action)).killedAt !== null) {
  await app.ask(action.contract, action.trigger, question);
}
process.stdout.write("killed\n");
