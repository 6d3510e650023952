import { Type } from "@sinclair/typebox";
import { filterLengthMax, parseFilter } from "../../contracts/filter.ts";
import { chosenContract, type HttpParts, type HttpServer } from "../parts.ts";
import { contractChoice, isoTime, TenantParams, timestamp } from "../schemas.ts";

const Query = Type.Object(
  {
    filter: Type.String({ minLength: 1, maxLength: filterLengthMax, description: "As an endpoint has it." }),
    contract: contractChoice,
  },
  { additionalProperties: false },
);
const Tried = Type.Object(
  {
    looked: Type.Integer({ description: "Events of the contract among the newest 1,000 places of the log." }),
    passed: Type.Integer({ description: "Of these, how many the filter lets pass." }),
    examples: Type.Array(
      Type.Object({ id: Type.String(), type: Type.String(), createdAt: timestamp("When it happened.") }),
      { description: "Of those that pass, the newest five." },
    ),
  },
  { description: "What the filter would have done." },
);

const placesMax = 1000;
const examplesMax = 5;

/** A filter that is tried before an endpoint has it. */
export function filterRoutes(app: HttpServer, { catalog, store }: HttpParts): void {
  app.get(
    "/v1/orgs/:tenant/filters/try",
    {
      config: { access: "read" },
      schema: {
        operationId: "tryFilter",
        summary: "Try a filter on stored events",
        description: "Changes nothing. Answers 400, naming the column, for what is no filter.",
        tags: ["Endpoints"],
        params: TenantParams,
        querystring: Query,
        response: { 200: Tried },
      },
    },
    async ({ params: { tenant }, query }) => {
      const passes = parseFilter(query.filter);
      const contract = chosenContract(catalog, query.contract).declaration.id;
      const upTo = await store.feeds.end();
      const after = Math.max(0, upTo - placesMax);
      const range = { tenant, contract, types: null, from: null, until: null };
      const events = await store.feeds.read({ ...range, after, upTo, limit: placesMax });
      const passing = events.filter(({ body }) => passes(JSON.parse(body)));
      const examples = passing.slice(-examplesMax).toReversed();
      return {
        looked: events.length,
        passed: passing.length,
        examples: examples.map(({ id, type, time }) => ({ id, type, createdAt: isoTime(time) })),
      };
    },
  );
}
