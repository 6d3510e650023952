/**
 * A real process for the tests that kill one: opens the database, makes an endpoint if there is none, emits what it is
 * told to, and delivers. It says on standard output what is done, one line each, after it is on disk.
 *
 *     node worker.ts <database> <endpoint url> <first event> <event count> <windowMax>
 */
import { createHash } from "node:crypto";
import pino from "pino";
import { createApp } from "../../runtime/app.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { parseAllowedTargets } from "../../runtime/outbound/allowed-targets.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";

const [database = "", url = "", first = "0", count = "0", windowMax = ""] = process.argv.slice(2);
const tenant = "org_1";
const say = (line: string) => process.stdout.write(`${line}\n`);

const allowed = parseAllowedTargets(`127.0.0.0/8:${new URL(url).port}`);
if ("problems" in allowed) throw new Error(allowed.problems.join(" "));
const app = await createApp({
  database,
  catalog,
  keyRing: openKeyRing([{ id: "test", key: createHash("sha256").update("test").digest() }]),
  mode: "local",
  allowTargets: allowed.targets,
  limits: { windowMax: Number(windowMax) },
  log: pino({ level: "warn" }, pino.destination(2)),
});
process.stdin.on("end", () => process.exit(1)).resume();
process.once("SIGTERM", () => void app.close().then(() => process.exit(0)));

const existing = await app.endpoints.list({ tenant, contract: "stech" });
if (existing.length === 0) {
  await app.endpoints.create({ tenant, contract: "stech", url, description: null, events: ["*"] });
}
await app.engine.start();
say("started");

for (let number = Number(first); number < Number(first) + Number(count); number += 50) {
  await Promise.all(Array.from({ length: 50 }, (_, index) => emit(number + index)));
}
say("emitted");
await app.engine.idle().then(
  () => say("idle"),
  () => say("stopped"),
);

async function emit(number: number): Promise<void> {
  const data = { userId: `usr_${number}`, externalId: null, email: null, membershipId: "mem_1" };
  const event = await app.emit("stech", "scim.user_added", { tenant, data, idempotencyKey: `event-${number}` });
  say(`acked ${event.id}`);
}
