/**
 * All systems side by side on this machine: one runtime on SQLite with its HTTP API, and receivers built on the generated
 * SDK that verify every request. Ends with one table; the exit status is 1 when anything was lost or did not verify.
 *
 *     npm run demo
 *     npm run demo -- --json
 *     npm run demo -- --ui       everything stays, to be looked at in the dashboard, until Ctrl+C
 *     npm run demo -- --lose     every receiver loses the first thing it gets: the table shows it
 */
import { parseArgs } from "node:util";
import { tableText } from "./ledger.ts";
import { runDemo } from "./run-demo.ts";

const { json, lose, ui } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    lose: { type: "boolean", default: false },
    ui: { type: "boolean", default: false },
  },
}).values;
const firsts = new Map<string, string>();
const { problems } = await runDemo({
  say: json ? () => {} : (line) => console.log(line),
  keeps: (subscriber, { id }) => {
    if (!firsts.has(subscriber)) firsts.set(subscriber, id);
    return !lose || firsts.get(subscriber) !== id;
  },
  stay: async ({ rows, problems: found }, dashboard) => {
    console.log(json ? JSON.stringify(rows) : `\n${tableText(rows)}\n`);
    for (const problem of found) console.error(problem);
    if (!json && found.length === 0) console.log("Every event is accounted for.");
    if (!ui) return;
    console.log(`\nThe dashboard, until Ctrl+C:\n\n  ${dashboard}\n`);
    await new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  },
});
process.exitCode = problems.length === 0 ? 0 : 1;
