import { Type } from "@sinclair/typebox";
import { filterLengthMax } from "../contracts/filter.ts";
import { optionLimits } from "../endpoints/options.ts";
import { nullable } from "./schemas.ts";

const texts = (maxLength: number, description: string) =>
  Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength }), { description });

const { ratePerSecondMax, inFlightMax, metadataMax, metadataLengthMax } = optionLimits;

/** What an endpoint's owner may decide beside its URL and its events. */
export const optionsBody = {
  paused: Type.Boolean({
    description: "While it is, events for it become pending and nothing is sent; resuming makes them due.",
  }),
  filter: nullable(
    Type.String({ minLength: 1, maxLength: filterLengthMax }),
    "A condition on the body of an event as it is sent, such as " +
      '`data.environment = "prod" and not (data.reason in ("timeout", "quota") or data.attempt >= 3)`; `exists` asks ' +
      "whether something is there at all. It holds for events after the change. Null: every event of its types.",
  ),
  headers: texts(
    1024,
    "Sent with every request, at most 16. Not the contract's own, hop-by-hop ones, or credentials: the values are kept " +
      "and shown as they are.",
  ),
  metadata: texts(metadataLengthMax, `Your own words about it, at most ${metadataMax} entries.`),
  ratePerSecond: nullable(
    Type.Integer({ minimum: 1, maximum: ratePerSecondMax }),
    "The most attempts that start in a second; what exceeds it waits. Null: any number.",
  ),
  inFlightMax: nullable(
    Type.Integer({ minimum: 1, maximum: inFlightMax }),
    "The most attempts under way at the same time, where the engine allows more. Null: as many as it allows.",
  ),
};
