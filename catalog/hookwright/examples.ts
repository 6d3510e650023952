import type { Examples } from "../contract.ts";
import type { HookwrightEvents } from "./contract.ts";

export const examples = {
  "endpoint.created": {
    "two types": {
      endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10",
      contract: "stech",
      url: "https://hooks.acme.example/stech",
      events: ["deployment.failed", "agent_run.failed"],
      enabled: true,
    },
  },
  "endpoint.updated": {
    "all types": {
      endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10",
      contract: "stech",
      url: "https://hooks.acme.example/stech",
      events: ["*"],
      enabled: true,
    },
  },
  "endpoint.secret_rotated": {
    "by an administrator": { endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10", contract: "stech" },
  },
  "endpoint.disabled": {
    "after fifty failures": {
      endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10",
      contract: "stech",
      failureCount: 50,
      lastStatus: 503,
    },
  },
  "endpoint.deleted": {
    "by an administrator": { endpointId: "whe_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10", contract: "stech" },
  },
  "log.pruned": {
    "an hour's worth after thirty days": {
      horizon: "2026-04-08T14:00:00.000Z",
      eventCount: 41_250,
      attemptCount: 60_311,
    },
  },
} satisfies Examples<HookwrightEvents>;
