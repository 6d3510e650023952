/**
 * A real process for the tests that kill one while it sends batches: opens the database, makes a stream and its key if
 * there is none, emits what it is told to, and streams. It says on standard output what is done, one line each.
 *
 *     node stream-worker.ts <database> <url> <first event> <event count>
 */
import { openWholeApp } from "./whole-app.ts";

const [database = "", url = "", first = "0", count = "0"] = process.argv.slice(2);
const of = { tenant: "org_1", contract: "authsignal" };
const say = (line: string) => process.stdout.write(`${line}\n`);

const app = await openWholeApp(database);
process.stdin.on("end", () => process.exit(1)).resume();
process.once("SIGTERM", () => void app.close().then(() => process.exit(0)));

if ((await app.streams.list(of)).length === 0) {
  await app.signingKeys.create(of);
  await app.streams.create({ ...of, settings: { url, challengeTokenDurationSeconds: 0 } });
}
await app.engine.start();
app.streaming.start();
say("started");

const time = "2026-05-08T14:00:00.000Z";
for (let number = Number(first); number < Number(first) + Number(count); number += 50) {
  await Promise.all(Array.from({ length: 50 }, (_, index) => emit(number + index)));
}
say("emitted");
await app.engine.idle();
await app.streaming.settled();
say("idle");

async function emit(number: number): Promise<void> {
  const challenge = { userId: "usr_1", actionCode: "signIn", createdAt: time, type: "PUSH_SENT" };
  const data = { tenantId: of.tenant, idempotencyKey: `challenge-${number}`, ...challenge };
  const event = { tenant: of.tenant, data, idempotencyKey: `event-${number}` };
  await app.emit(of.contract, "challenge.log_created", event);
}
