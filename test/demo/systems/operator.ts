import { Webhook } from "../../../sdks/typescript/src/contracts/hookwright.ts";
import type { System } from "../system.ts";
import { openEndpoint, pushRow } from "./push.ts";

const contract = "hookwright";
const events = ["delivery.rejected", "endpoint.secret_rotated", "action.override_unknown_roles_dropped"];

/** The body has no id, the header has it; so it is the body that tells them apart. */
const idOf = (event: object): string => JSON.stringify(event);

/** What the runtime tells its operator about the other systems, as events of its own. */
export const operator: System = {
  open: async (place) => {
    const endpoint = await openEndpoint(place, { contract, Webhook, name: "operator", events, idOf });
    return {
      name: contract,
      show: async () => {
        const types = place.receivers.of(endpoint.name).flatMap(({ items }) => items.map(({ type }) => type));
        place.say(`told         ${types.join(", ")}`);
      },
      row: () => pushRow(place, { contract, endpoints: [endpoint], emitted: [] }),
    };
  },
};
