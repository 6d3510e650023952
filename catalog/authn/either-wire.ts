import type { PushContract } from "../contract.ts";

/** What both wires of authn.sh have alike: the page's, and the one of its API description. */
export const eitherWire = {
  mode: "push",
  producer: "product",
  tenant: { noun: "environment", example: "env_01KR3Q4Z5X8F2N7M9T6W0B1C3D" },
  ids: {
    event: { prefix: "evt_", format: "ulid" },
    endpoint: { prefix: "whe_", format: "ulid" },
    delivery: { prefix: "whd_" },
    attempt: { prefix: "wha_" },
  },
  userAgent: "authn.sh-webhooks/0.1",
  secret: {
    prefix: "whsec_",
    bytes: 32,
    encoding: "base64",
    scope: "endpoint",
    rotation: { kind: "overlap", defaultSeconds: 300, maxSeconds: 86_400 },
  },
  timeoutSeconds: 30,
  disable: null,
  subscription: { wildcard: "*", prefixes: true, default: "*" },
  url: { schemes: ["https"], lengthMax: 2048 },
  log: { responseBodyBytesMax: 8192, pageDefault: 25, pageMax: 500 },
} as const satisfies Partial<PushContract>;
