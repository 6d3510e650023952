/** Endpoints on other people's wires: what the engine sends there, and what the generated receivers make of it. */
import type { WebhookHandler } from "../../sdks/typescript/src/core/webhook.ts";
import type { WireCatalog } from "../../runtime/contracts/wire-contract.ts";
import {
  generateIn,
  openHarbor,
  receiverIn,
  temporaryFolder,
  type Harbor,
  type Ring,
} from "../runtime/harbor/place.ts";
import { index } from "./catalog.ts";

export interface Sent {
  readonly secret: string;
  /** Empty where the endpoint has no key pair. */
  readonly publicKey: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly ring: Ring;
  /** A header as it came. */
  readonly header: (name: string) => string;
}

export interface Wires {
  readonly catalog: WireCatalog;
  readonly harbor: Harbor;
  /** Emits an event of a contract to a new endpoint of its own, and gives what came there. */
  readonly deliver: (
    contract: string,
    type: string,
    event: { readonly tenant: string; readonly data: object },
    endpoint?: "goes" | "stays",
  ) => Promise<Sent>;
  /** What the receiver that was generated for the contract makes of a request: the event, or why it is refused. */
  readonly received: (contract: string, sent: Pick<Sent, "secret" | "ring">) => Promise<object>;
  /** The headers that the generated receiver signs a body with. */
  readonly signed: (
    contract: string,
    of: { readonly secret: string; readonly body: string },
  ) => Promise<Record<string, string>>;
  /** The generated receiver's handler, which takes no event. */
  readonly handler: (contract: string, secret: string) => Promise<WebhookHandler>;
  /** The present time, in seconds since 1970. */
  readonly seconds: () => number;
  readonly close: () => Promise<void>;
}

export async function openWires(): Promise<Wires> {
  const folder = temporaryFolder();
  const catalog = await generateIn(folder.path, index);
  const harbor = await openHarbor(catalog, `${folder.path}/wires.db`, { mode: "local", answer: challengeIn });
  return {
    catalog,
    harbor,
    deliver: (contract, type, event, endpoint = "goes") => deliver(harbor, { contract, type, endpoint, ...event }),
    async received(contract, { secret, ring }) {
      const { Webhook } = await receiverIn(folder.path, contract);
      const webhook = new Webhook(secret, { now: () => harbor.clock.now() });
      return webhook.verify(ring.body, ring.headers).catch((error: unknown) => Object(error).code);
    },
    async signed(contract, { secret, body }) {
      const { Webhook } = await receiverIn(folder.path, contract);
      return new Webhook(secret, { now: () => harbor.clock.now() }).sign(body);
    },
    async handler(contract, secret) {
      const { Webhook } = await receiverIn(folder.path, contract);
      const fallback = () => Promise.reject(new Error("An event came."));
      return new Webhook(secret, { now: () => harbor.clock.now() }).handler({}, { fallback, onError: () => {} });
    },
    seconds: () => Math.floor(harbor.clock.now() / 1000),
    async close() {
      await harbor.close();
      folder.dispose();
    },
  };
}

/** The text that is asked for is given back; anything else is taken as it is. */
function challengeIn({ body }: Ring): { readonly status: number; readonly body: string } | null {
  const { challenge } = Object(JSON.parse(body));
  return typeof challenge === "string" ? { status: 200, body: JSON.stringify({ challenge }) } : null;
}

interface Emitted {
  readonly contract: string;
  readonly type: string;
  readonly tenant: string;
  readonly data: object;
  /** Whether the endpoint is removed afterwards. */
  readonly endpoint: "goes" | "stays";
}

async function deliver(harbor: Harbor, { contract, type, tenant, data, endpoint }: Emitted): Promise<Sent> {
  const path = `/v1/orgs/${encodeURIComponent(tenant)}`;
  const made = await harbor.call("POST", `${path}/webhook-endpoints`, {
    ...{ contract, url: harbor.receiverUrl, events: ["*"] },
  });
  const own = `${path}/webhook-endpoints/${made.body.endpoint.id}`;
  if (!made.body.endpoint.enabled) await harbor.call("PATCH", own, { enabled: true });
  const emitted = await harbor.call("POST", `${path}/events`, { contract, type, data });
  await harbor.settle();
  if (endpoint === "goes") await harbor.call("DELETE", own);
  const ring = harbor.rings.at(-1);
  if (ring === undefined || made.status !== 201 || emitted.status !== 202)
    throw new Error(JSON.stringify([made, emitted]));
  return {
    secret: made.body.signingSecret,
    publicKey: made.body.endpoint.publicKey ?? "",
    endpointId: made.body.endpoint.id,
    eventId: emitted.body.event.id,
    ring,
    header: (name) => String(ring.headers[name.toLowerCase()]),
  };
}
