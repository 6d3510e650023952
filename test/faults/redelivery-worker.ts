/**
 * A real process for the test that kills one while it redelivers in bulk. `prepare` makes an endpoint, has events delivered
 * to it, and asks for them again; `miss` does so with events that it missed while it was disabled; `work` goes on with that until all was delivered. It says on standard output what is
 * done, one line each.
 *
 *     node redelivery-worker.ts <database> <url> prepare|miss|work <event count>
 */
import { setTimeout } from "node:timers/promises";
import { everyDelivery } from "../../runtime/endpoints/delivery-filter.ts";
import { openWholeApp } from "./whole-app.ts";

const [database = "", url = "", does = "", count = "0"] = process.argv.slice(2);
const tenant = "org_1";
const contract = "stech";
const say = (line: string) => process.stdout.write(`${line}\n`);

const app = await openWholeApp(database);
process.stdin.on("end", () => process.exit(1)).resume();
await app.engine.start();

if (does !== "work") await prepare();
else await work();
say("done");

async function prepare(): Promise<void> {
  const enabled = does === "prepare";
  const made = await app.endpoints.create({ tenant, contract, url, description: null, events: ["deployment.created"] });
  if (!enabled) await app.endpoints.update({ tenant, id: made.endpoint.id }, { enabled });
  const data = {
    deploymentId: "d",
    agentId: "a",
    agentName: "n",
    machineUrl: "https://a.example",
    deployedByUserId: null,
  };
  for (let emitted = 0; emitted < Number(count); emitted += 50) {
    await Promise.all(Array.from({ length: 50 }, () => app.emit(contract, "deployment.created", { tenant, data })));
  }
  await app.engine.idle();
  const { id } = made.endpoint;
  if (!enabled) await app.endpoints.update({ tenant, id }, { enabled: true });
  const endpoint = await app.endpoints.get({ tenant, id });
  const filter = enabled ? everyDelivery : { ...everyDelivery, states: [], missed: true as const };
  await app.redeliveries.start({ endpoint, filter, ratePerSecond: 1000, actorId: "operator" });
}

async function work(): Promise<void> {
  app.redelivering.start();
  const [endpoint] = await app.endpoints.list({ tenant, contract });
  for (;;) {
    const of = { tenant, endpointId: endpoint?.id ?? "", before: undefined, limit: 1 };
    const [job] = await app.redeliveries.page(of);
    if (job?.state === "finished" && job.redeliveredCount === job.deliveredCount + job.failedCount) return;
    await setTimeout(20);
  }
}
