import type { Static } from "@sinclair/typebox";
import type { WireContract } from "../contracts/wire-contract.ts";
import type { EndpointBody } from "../http/routes/endpoints.ts";
import { isThere, type Api } from "./api.ts";
import { keep, readKept, type SecretPlace } from "./kept-secrets.ts";
import { envelopeFacts, jsonOf, nothing, type Listening, type OnExit } from "./listening.ts";
import { headerValues, verificationProblem } from "./verify-delivery.ts";

/** An endpoint that comes and goes with a command, and has the same secret each time. */
interface LocalEndpoint {
  readonly id: string;
  /** What its deliveries are verified with: the signing secret, or where there is none, the public key. */
  readonly secret: string;
}

interface Answer {
  readonly endpoint: Static<typeof EndpointBody>;
  readonly signingSecret: string | null;
}

/** Listening to a contract in mode `push`: one event in one request. */
export function endpointListening({ declaration }: WireContract, events: readonly string[]): Listening {
  return {
    timeoutMs: declaration.timeoutSeconds * 1000,
    claim: async ({ api, place, url }) => {
      const endpoint = await claimEndpoint(api, place, { contract: declaration.id, url, events });
      const { id, secret } = endpoint;
      return {
        ready: {
          lines: [
            ["endpoint", id],
            ["signing secret", secret],
          ],
          fields: { endpointId: id, signingSecret: secret },
        },
        problem: (delivery) => verificationProblem(declaration, delivery, { secret, now: Date.now() }),
        retire: async (how) => {
          await retireEndpoint(api, place, { endpoint, how });
          return { words: [`The endpoint ${id} is ${how}d.`], fields: { endpointId: id } };
        },
      };
    },
    // From the headers where the contract has them, and from the body's envelope where it does not.
    arrival: (delivery) => {
      const values = headerValues(declaration, delivery);
      const facts = envelopeFacts(declaration.envelope, jsonOf(delivery.body));
      const type = values["event.type"] ?? facts.type;
      const eventId = values["event.id"] ?? facts.id;
      const attemptId = values["attempt.id"] ?? values["delivery.id"] ?? null;
      return {
        words: [type, eventId, ...(attemptId === null ? [] : [attemptId])],
        fields: { type, eventId, attemptId },
      };
    },
    answer: () => nothing,
  };
}

/** The endpoint of the run before, enabled again with these settings; a new one where there is none any more. */
async function claimEndpoint(
  api: Api,
  place: SecretPlace,
  of: { readonly contract: string; readonly url: string; readonly events: readonly string[] },
): Promise<LocalEndpoint> {
  const kept = readKept<LocalEndpoint>(place);
  const { url, events } = of;
  if (kept !== undefined && (await isThere(api, pathOf(kept)))) {
    await api.call("PATCH", pathOf(kept), { url, events, enabled: true });
    return kept;
  }
  const body = { ...of, description: `hookwright listen on ${url}` };
  const made = await api.call<Answer>("POST", "/webhook-endpoints", body);
  const endpoint = { id: made.endpoint.id, secret: made.signingSecret ?? made.endpoint.publicKey ?? "" };
  keep(place, endpoint);
  return endpoint;
}

/** Disabled, it gets no events until it is claimed again; removed, its secret is forgotten with it. */
async function retireEndpoint(
  api: Api,
  place: SecretPlace,
  { endpoint, how }: { readonly endpoint: LocalEndpoint; readonly how: OnExit },
): Promise<void> {
  if (how === "disable") return void (await api.call("PATCH", pathOf(endpoint), { enabled: false }));
  await api.call("DELETE", pathOf(endpoint));
  keep(place, null);
}

const pathOf = ({ id }: LocalEndpoint) => `/webhook-endpoints/${id}`;
