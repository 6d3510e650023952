import type { Static } from "@sinclair/typebox";
import { endpointMark } from "../contracts/delivery-id.ts";
import type { DeliveryBody } from "../http/routes/deliveries.ts";
import type { EndpointBody } from "../http/routes/endpoints.ts";
import { contractsOf, openApi, unlessNotFound, type Api, type ApiFlags } from "./api.ts";
import { findInvocation } from "./ask-action.ts";
import { readAccounts, type EventAccounts } from "./event-outcome.ts";

export interface ResendFlags extends ApiFlags {
  /** Only to this endpoint. */
  readonly endpoint?: string;
  /** It was never sent to that endpoint. */
  readonly missed?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

interface Target {
  readonly endpointId: string;
  readonly deliveryId: string;
}

/**
 * Delivers an event once more to every endpoint that it was delivered to, or makes one delivery again. Exit status 1:
 * there is nothing to make again.
 */
export async function runResend(id: string, flags: ResendFlags): Promise<0 | 1> {
  const api = openApi(flags);
  if (flags.missed) return sendMissed(api, id, flags);
  const targets = (await targetsOf(api, id)).filter(
    ({ endpointId }) => flags.endpoint === undefined || endpointId === flags.endpoint,
  );
  if (targets.length === 0) {
    const where = flags.endpoint === undefined ? "" : ` to ${flags.endpoint}`;
    console.error(`error: nothing was delivered of ${id}${where}.\n${await remedyFor(api, id)}`);
    return 1;
  }
  for (const { endpointId, deliveryId } of targets) {
    const path = `/webhook-endpoints/${endpointId}/deliveries/${deliveryId}/redeliver`;
    const { delivery } = await api.call<{ readonly delivery: Static<typeof DeliveryBody> }>("POST", path);
    console.log(
      flags.json ? JSON.stringify(delivery) : `resent ${delivery.eventType} to ${endpointId}: ${delivery.id}`,
    );
  }
  return 0;
}

type Made = { readonly delivery: Static<typeof DeliveryBody> } | { readonly dryRun: true };

async function sendMissed(api: Api, eventId: string, { endpoint, dryRun, json }: ResendFlags): Promise<0 | 1> {
  if (endpoint === undefined) {
    console.error("error: --missed: expected --endpoint with it, the endpoint that missed the event, got none.");
    return 1;
  }
  const path = `/webhook-endpoints/${encodeURIComponent(endpoint)}/deliveries`;
  const made = await api.call<Made>("POST", path, { eventId, dryRun });
  if (json) console.log(JSON.stringify("delivery" in made ? made.delivery : made));
  else if ("delivery" in made) console.log(`sent ${made.delivery.eventType} to ${endpoint}: ${made.delivery.id}`);
  else console.log(`${eventId} would be sent to ${endpoint}.`);
  return 0;
}

/** What is not delivered one by one comes again in another way, or not at all. */
async function remedyFor(api: Api, id: string): Promise<string> {
  const [stream] = (await unlessNotFound(readAccounts(api, id)))?.logStreams ?? [];
  if (stream !== undefined) {
    return `A log stream sends batches: let it begin again with POST …/log-streams/${stream.logStreamId}/rewind.`;
  }
  const invocation = await findInvocation(api, id);
  if (invocation !== null) {
    return `A question is asked once; "hookwright trigger ${invocation.trigger}" asks another one.`;
  }
  return 'Give the id of an event or of a delivery; "hookwright explain-event" says who got an event, and why not.';
}

async function targetsOf(api: Api, id: string): Promise<readonly Target[]> {
  const accounts = await unlessNotFound(readAccounts(api, id));
  if (accounts !== null) return firstDeliveries(accounts);
  const deliveryId = encodeURIComponent(id);
  const found: Target[] = [];
  for (const { id: endpointId } of await endpointsOf(api)) {
    // A delivery's id carries its endpoint's mark; without it every endpoint would have to be asked.
    if (!id.includes(`_${endpointMark(endpointId)}`)) continue;
    const delivery = await unlessNotFound(api.read(`/webhook-endpoints/${endpointId}/deliveries/${deliveryId}`));
    if (delivery !== null) found.push({ endpointId, deliveryId });
  }
  return found;
}

/** Of a deleted endpoint nothing can be made again. */
function firstDeliveries({ endpoints }: EventAccounts): readonly Target[] {
  return endpoints.flatMap(({ endpointId, deliveries: [first], deleted }) =>
    first === undefined || deleted ? [] : [{ endpointId, deliveryId: first.id }],
  );
}

/** Of every contract in mode push: the list is one contract's at a time. */
async function endpointsOf(api: Api): Promise<readonly Static<typeof EndpointBody>[]> {
  const contracts = (await contractsOf(api)).filter(({ mode }) => mode === "push");
  const lists = contracts.map(({ id: contract }) =>
    api.read<{ readonly endpoints: readonly Static<typeof EndpointBody>[] }>("/webhook-endpoints", { contract }),
  );
  return (await Promise.all(lists)).flatMap(({ endpoints }) => endpoints);
}
