import { examples } from "../../../catalog/authsignal/examples.ts";
import { Webhook } from "../../../sdks/typescript/src/contracts/authsignal.ts";
import { tenant } from "../place.ts";
import type { System } from "../system.ts";
import { batchesText, openStream, streamRow } from "./stream.ts";

const contract = "authsignal";
/** More than two whole batches. */
const recordCount = 1200;

/** Signed batches of up to 500 records, 15 minutes after they were made. */
export const authsignal: System = {
  open: async (place) => {
    const { key } = await place.call<{ readonly key: string }>("POST", "signing-keys", { contract });
    const webhook = new Webhook(key, { now: place.clock.now });
    const streamId = await openStream(place, {
      ...{ contract, urlSetting: "url", settings: {} },
      verify: async (body, headers) => (await webhook.verify(body, headers)).records,
      status: (count) => (count === 2 ? 503 : 200),
    });
    const data = { ...examples["action.log_created"]["no rule fired"], tenantId: tenant };
    const emit = () => place.hooks.authsignal.emit("action.log_created", { tenant, data });
    const emitted = await Promise.all(Array.from({ length: recordCount }, emit));
    return {
      name: contract,
      show: async () => {
        place.say(`${emitted.length} records, sent once they are 15 minutes old`);
        place.say(`batches      ${batchesText(place, contract)}`);
      },
      row: () => streamRow(place, { contract, streamId, emitted }),
    };
  },
};
