import type { Contract } from "../../catalog/contract.ts";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { Logger } from "pino";
import type { Actions } from "../asking/actions.ts";
import type { AskUntyped } from "../asker.ts";
import type { Clock } from "../seams/clock.ts";
import { contractOf } from "../contracts/contract-of.ts";
import type { WireCatalog, WireContract } from "../contracts/wire-contract.ts";
import type { EmitMany } from "../emit-many.ts";
import type { EmitUntyped } from "../emitter.ts";
import type { CanOpen } from "../endpoints/event-deliveries.ts";
import type { Endpoints } from "../endpoints/endpoints.ts";
import type { Keys } from "../access/keys.ts";
import type { FeedConsumers } from "../feeds/consumers.ts";
import type { FeedCursors } from "../feeds/cursors.ts";
import type { LogWatch } from "../feeds/log-watch.ts";
import type { Erasing } from "../retention/erasing.ts";
import type { Redeliveries } from "../endpoints/redeliveries.ts";
import type { Metrics } from "../metrics.ts";
import type { SigningKeys } from "../streaming/signing-keys.ts";
import type { Store } from "../seams/store.ts";
import type { RateLimits } from "./rate-limit.ts";
import type { RouteExamples } from "./route-examples.ts";
import type { Idempotency } from "../access/idempotency.ts";
import type { SendTest } from "../endpoints/test-delivery.ts";
import type { McpEvents } from "../mcp/mcp-events.ts";
import type { Streams } from "../streaming/streams.ts";

/** What the HTTP API is made of. */
export interface HttpParts {
  readonly store: Pick<Store, "deliveries" | "deliveryLog" | "feeds" | "operator" | "counts" | "ping"> & {
    readonly log: Pick<Store["log"], "facts" | "endpointsOf" | "oldestWrite" | "unserved">;
  };
  readonly catalog: WireCatalog;
  readonly emit: EmitUntyped;
  readonly emitMany: EmitMany;
  readonly endpoints: Endpoints;
  readonly redeliveries: Redeliveries;
  readonly actions: Actions;
  readonly erasing: Erasing;
  readonly ask: AskUntyped;
  readonly keys: Keys;
  readonly idempotency: Idempotency;
  readonly sendTest: SendTest;
  readonly streams: Streams;
  readonly signingKeys: SigningKeys;
  readonly metrics: Pick<Metrics, "text" | "contentType" | "answered" | "limited">;
  readonly mcp: McpEvents;
  readonly consumers: FeedConsumers;
  readonly cursors: FeedCursors;
  readonly watch: LogWatch;
  /** Tells the engine that something became due. */
  readonly wake: () => void;
  readonly canOpen: CanOpen;
  /** Whether the engine runs. */
  readonly isReady: () => boolean;
  readonly clock: Clock;
  /** SHA-256 of the operator's key, in hexadecimal digits. */
  readonly adminKeyHash: string;
  /** That of the key that reads metrics and nothing else. Null: there is none. */
  readonly metricsKeyHash: string | null;
  readonly rateLimits: RateLimits;
  /** How long answers under way may take once the server closes. */
  readonly answersWithinMs: number;
  /** How long nobody may read of an answer before its connection ends; longer than any answer waits for something. */
  readonly unreadMs: number;
  /** Of web pages that may read answers, `https://console.acme.example`. */
  readonly corsOrigins: readonly string[];
  /** Origins whose pages may show the dashboard in a frame. Left out: none. */
  readonly frameAncestors?: readonly string[];
  readonly logger: Logger;
  /** The generated OpenAPI 3.1 document: webhooks and the components they need. */
  readonly openapi: object;
  /** The routes' recorded examples; a project whose catalog has none goes without. */
  readonly examples: RouteExamples;
  /** The generated text for language models, in Markdown. */
  readonly llms: string;
}

export type HttpServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** The contract a request names, or the catalog's first. Throws `unknown_contract`. */
export function chosenContract(catalog: WireCatalog, id: string | undefined): WireContract<Contract> {
  return contractOf(catalog, id ?? Object.keys(catalog)[0] ?? "");
}
