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
} satisfies Examples<HookwrightEvents>;
