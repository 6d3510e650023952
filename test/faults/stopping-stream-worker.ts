/**
 * A process that stops itself, as SIGSTOP from outside does, once: right before it sends its first batch, or once it has
 * the connection and has not written to it. It says on standard output that it stops, that it was woken, and when
 * what it had under way then has ended.
 *
 *     node stopping-stream-worker.ts <database> <signed | connected | never>
 */
import { subscribe } from "node:diagnostics_channel";
import { openWholeApp, testKeyRing } from "./whole-app.ts";

const [database = "", stopsAt = "never"] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);

let hasStopped = stopsAt === "never";

function stopOnce(): void {
  if (hasStopped) return;
  hasStopped = true;
  say("stops");
  process.kill(process.pid, "SIGSTOP");
  say("woken");
  void app.streaming.settled().then(() => say("settled"));
}

const app = await openWholeApp(database, {
  limits: { leaseMs: 1500 },
  keyRing: {
    ...testKeyRing,
    // The signing key is opened for each batch, and nothing is waited for between that and the request.
    open: (sealed, context) => {
      if (stopsAt === "signed") stopOnce();
      return testKeyRing.open(sealed, context);
    },
  },
});
process.stdin.on("end", () => process.exit(1)).resume();
// undici writes the request in the same turn as it says that it is connected.
if (stopsAt === "connected") subscribe("undici:client:connected", stopOnce);
await app.engine.start();
app.streaming.start();
say("started");
