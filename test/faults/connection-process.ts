/**
 * A real process with a store on PostgreSQL, for what must not end it. It says what happens on standard output, and does
 * what it is told on standard input, a line each: `ask` makes ten connections at once and asks the database on each,
 * `notify` tells the other processes a thousand times, faster than the server can answer. `told` is said for every word
 * from another process, `warning` for each of Node's.
 *
 *     node connection-process.ts <database> <url | pool>
 */
import { createInterface } from "node:readline";
import pg from "pg";
import { openStore } from "../../runtime/store/open-store.ts";

const [database = "", given = "url"] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
process.on("warning", ({ name, message }) => say(`warning ${name}: ${message}`));

const pool = new pg.Pool({ connectionString: database });
// As pg's documentation has it.
pool.on("error", () => {});
const store = await openStore({ database: given === "pool" ? pool : database });
const { signals } = store.log;
signals?.listen(() => say("told"));

const does: Readonly<Record<string, () => Promise<void>>> = {
  ask: async () => {
    const answers = await Promise.allSettled(Array.from({ length: 10 }, store.ping));
    say(answers.every(({ status }) => status === "fulfilled") ? "answered" : "not answered");
  },
  notify: async () => {
    for (let count = 0; count < 1000; count += 1) {
      signals?.notify("work");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    say("notified");
  },
};

createInterface({ input: process.stdin })
  .on("line", (line) => void does[line]?.())
  .on("close", () => process.exit(1));
say("open");
