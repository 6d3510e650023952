import { randomBytes } from "node:crypto";
import { auth0 as declaration } from "../../../catalog/auth0/contract.ts";
import { Webhook } from "../../../sdks/typescript/src/contracts/auth0.ts";
import type { System } from "../system.ts";
import { batchesText, openStream, streamRow } from "./stream.ts";

const contract = "auth0";

/** Every log code, by schedule, behind a header that the owner chose. */
export const auth0: System = {
  open: async (place) => {
    const authorization = `Bearer ${randomBytes(24).toString("base64url")}`;
    const webhook = new Webhook(authorization, { now: place.clock.now });
    const streamId = await openStream(place, {
      ...{ contract, urlSetting: "Webhook_URL" },
      settings: { Authorization: authorization, Schedule: "0 */5 * * * *", BATCH_SIZE: 100 },
      verify: async (body, headers) =>
        (await webhook.verify(body, headers)).records.map(({ _id: id, type }) => ({ id, type })),
      status: (count) => (count === 1 ? 500 : 200),
    });
    // What the default filter leaves out, nobody is to get.
    const { filter } = declaration;
    const exceptByDefault = filter.kind === "none" ? [] : filter.exceptByDefault;
    const all = await place.emitExamples(contract);
    const sent = all.filter(({ type }) => !exceptByDefault.includes(type));
    // An entry that is relayed has an id of its own, by which its receiver knows it.
    const emitted = sent.map(({ type, body }) => ({ type, id: String(JSON.parse(body)._id) }));
    return {
      name: contract,
      show: async () => {
        place.say(
          `${all.length} entries of all log codes but ${exceptByDefault.join(" and ")}, sent every 5 minutes, 100 at a time`,
        );
        place.say(`batches      ${batchesText(place, contract)}`);
      },
      row: () => streamRow(place, { contract, streamId, emitted }),
    };
  },
};
