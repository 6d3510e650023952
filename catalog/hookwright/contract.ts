import { contract } from "../contract.ts";
import { standardWebhooks } from "../presets.ts";
import type { AccessEvents } from "./access.ts";
import type { ActionEvents } from "./action.ts";
import type { BreakerEvents } from "./breaker.ts";
import type { DeliveryEvents } from "./delivery.ts";
import type { EndpointEvents } from "./endpoint.ts";
import { examples } from "./examples.ts";
import type { FeedConsumerEvents } from "./feed-consumer.ts";
import type { LogStreamEvents } from "./log-stream.ts";
import type { LogEvents } from "./log.ts";

export interface HookwrightEvents
  extends
    EndpointEvents,
    DeliveryEvents,
    BreakerEvents,
    ActionEvents,
    AccessEvents,
    LogStreamEvents,
    FeedConsumerEvents,
    LogEvents {}

export const hookwright = contract<HookwrightEvents>({
  ...standardWebhooks,
  producer: "hookwright",
  id: "hookwright",
  title: "Hookwright's own events",
  doc: `What happens to endpoints, deliveries, actions, log streams, keys and the log. These events stand in the same log as those of the product, and those
about endpoints decide who gets what: an endpoint gets an event if it matched at that event's place in the log.`,
  tenant: { noun: "tenant", example: "org_2t4bq9w1x7" },
  ids: {
    event: { prefix: "evt_", format: "uuid" },
    endpoint: { prefix: "whe_", format: "uuid" },
    delivery: { prefix: "dlv_" },
    attempt: { prefix: "dla_" },
  },
  userAgent: "Hookwright/1",
  examples,
});
