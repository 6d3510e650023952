import { examples } from "../../../catalog/authn/examples.ts";
import { Webhook } from "../../../sdks/typescript/src/contracts/authn.ts";
import { tenant, type Place } from "../place.ts";
import type { Item } from "../receivers.ts";
import type { System } from "../system.ts";
import { openEndpoint, pushRow, readFeed, type PushEndpoint } from "./push.ts";

const contract = "authn";

/** A filter, a pause, a rotation with two signatures, and the feed. */
export const authn: System = {
  open: async (place) => {
    const common = { contract, Webhook };
    const all = await openEndpoint(place, { ...common, name: "all", events: ["*"] });
    const filtered = await openEndpoint(place, {
      ...{ ...common, name: "filtered", events: ["session.*"] },
      filter: 'data.status = "active"',
      wants: ({ data }) => data["status"] === "active",
    });
    const emitted: Item[] = [...(await place.emitExamples(contract))];
    const emitOne = async () => {
      const data = examples["user.deleted"]["the last snapshot"];
      emitted.push(await place.hooks.authn.emit("user.deleted", { tenant, data }));
      await place.settle();
    };
    return {
      name: contract,
      show: async () => {
        place.say(`every example of every event type, ${emitted.length} of them, whole resources`);
        const passed = place.receivers.of(filtered.name).length;
        const of = emitted.filter(({ type }) => type.startsWith("session.")).length;
        place.say(`filter       data.status = "active" lets ${passed} of ${of} session.* pass`);
        await pause(place, all, emitOne);
        await rotate(place, all, emitOne);
        await feed(place);
      },
      row: () => pushRow(place, { contract, endpoints: [all, filtered], emitted }),
    };
  },
};

async function pause(place: Place, endpoint: PushEndpoint, emitOne: () => Promise<void>): Promise<void> {
  const count = () => place.receivers.of(endpoint.name).length;
  await place.call("PATCH", endpoint.path, { paused: true });
  const before = count();
  await emitOne();
  await emitOne();
  const during = count() - before;
  await place.call("PATCH", endpoint.path, { paused: false });
  await place.settle();
  place.say(`pause        2 events while it is paused: ${during} come; resumed: ${count() - before} came`);
}

/** For a while every request carries two signatures, so a receiver verifies with whichever secret it has. */
async function rotate(place: Place, endpoint: PushEndpoint, emitOne: () => Promise<void>): Promise<void> {
  const { signingSecret } = await place.call<{ readonly signingSecret: string }>(
    "POST",
    `${endpoint.path}/rotate-secret`,
    {},
  );
  await emitOne();
  const last = place.receivers.of(endpoint.name).at(-1);
  if (last === undefined) throw new Error("Nothing came after the rotation.");
  await new Webhook(signingSecret, { now: place.clock.now }).verify(last.body, last.headers);
  const signatures = String(last.headers["authn-signature"]).split(",v1,").length;
  place.say(
    `rotation     the next request has ${signatures} signatures: the secret before it verifies, and so does the new one`,
  );
}

async function feed(place: Place): Promise<void> {
  await place.call("PUT", "feeds/billing", { contract });
  const first = await readFeed(place, "consumer=billing");
  await place.call("POST", "feeds/billing/commit", { cursor: first.cursor });
  const rest = await readFeed(place, "consumer=billing");
  place.say(
    `feed         the consumer "billing" reads ${first.events.length} events in ${first.pages} pages and commits; ` +
      `it goes on with ${rest.events.length}`,
  );
}
