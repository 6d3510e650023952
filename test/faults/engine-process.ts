/*
 * A process that delivers and streams, to be killed, paused and cut off. Says "started" when it has its leases. SIGTERM stops it
 * properly; it does not outlive the process that started it.
 *
 *   node engine-process.ts <database> [<event type that its catalog lacks>]
 */
import { flushCompileCache } from "node:module";
import { openQuickApp } from "./quick-app.ts";

process.stdin.on("end", () => process.exit(1)).resume();
const app = await openQuickApp(process.argv[2] ?? "", process.argv[3]);
process.once("SIGTERM", () => void app.close().then(() => process.exit(0)));
await app.engine.start();
app.streaming.start();
process.stdout.write("started\n");
// Only a process that ends properly would write it, and few of these do.
flushCompileCache();
