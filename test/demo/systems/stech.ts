import { setTimeout } from "node:timers/promises";
import { Webhook } from "../../../sdks/typescript/src/contracts/stech.ts";
import type { Place } from "../place.ts";
import type { System } from "../system.ts";
import { deliveriesOf, openEndpoint, pushRow, type FeedEvent, type PushEndpoint } from "./push.ts";

const contract = "stech";

/** Retries, a refusal that is delivered again in bulk, and why an endpoint got nothing. */
export const stech: System = {
  open: async (place) => {
    const common = { contract, Webhook };
    // It is told of the others that are made, and not of itself.
    let own = "";
    const isOfOthers = ({ data }: FeedEvent) => data["targetId"] !== own;
    const all = await openEndpoint(place, { ...common, name: "all", events: ["*"], wants: isOfOthers });
    own = all.id;
    const flaky = await openEndpoint(place, {
      ...{ ...common, name: "flaky", events: ["deployment.failed"] },
      status: (count) => (count <= 2 ? 503 : 200),
    });
    const gone = await openEndpoint(place, {
      ...{ ...common, name: "gone", events: ["scim.user_deactivated"] },
      status: (count) => (count === 1 ? 410 : 200),
    });
    const emitted = await place.emitExamples(contract);
    return {
      name: contract,
      show: async () => {
        place.say(`every example of every event type, ${emitted.length} of them, to an endpoint that takes all`);
        const answers = place.receivers.of(flaky.name).map(({ status }) => status);
        place.say(
          `retried      deployment.failed is answered ${answers.join(", ")}; the clock skips the waits between`,
        );
        await redeliver(place, gone);
        await explain(place, emitted.find(({ type }) => type === "deployment.failed")?.id ?? "");
      },
      row: () => pushRow(place, { contract, endpoints: [all, flaky, gone], emitted }),
    };
  },
};

async function redeliver(place: Place, gone: PushEndpoint): Promise<void> {
  const [refused] = await deliveriesOf(place, gone);
  const path = `${gone.path}/redeliveries`;
  const { found } = await place.call<{ found: number }>("POST", path, { undelivered: true, dryRun: true });
  let { redelivery } = await place.call<Redelivering>("POST", path, { undelivered: true });
  for (let round = 0; round < 250 && (redelivery.finishedAt === null || redelivery.waiting > 0); round += 1) {
    await setTimeout(20);
    await place.settle();
    ({ redelivery } = await place.call<Redelivering>("GET", `${path}/${redelivery.id}`));
  }
  const answers = place.receivers.of(gone.name).map(({ status }) => status);
  place.say(
    `redelivered  ${refused?.eventType} is answered ${answers[0]}, which ends it: ${refused?.status}; ` +
      `in bulk: ${found} by a dry run, ${redelivery.redelivered} made, ${redelivery.delivered} delivered`,
  );
}

interface Redelivering {
  readonly redelivery: {
    readonly id: string;
    readonly redelivered: number;
    readonly delivered: number;
    readonly waiting: number;
    readonly finishedAt: string | null;
  };
}

interface Accounts {
  readonly endpoints: readonly {
    readonly contract: string;
    readonly outcome: string;
    readonly url: string;
    readonly reason: string;
  }[];
}

async function explain(place: Place, eventId: string): Promise<void> {
  const { endpoints } = await place.call<Accounts>("GET", `events/${eventId}/deliveries`);
  const own = endpoints.filter((each) => each.contract === contract);
  const text = own.map(({ url, outcome }) => `${url.split("/").at(-1)} ${outcome}`).join(", ");
  place.say(`why          who got deployment.failed, and who did not: ${text}`);
}
