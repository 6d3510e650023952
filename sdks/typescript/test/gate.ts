/** What the generator emits for test/generator/mode-contracts.ts. */
import type { Allow, Deny, Override } from "../src/core/action.ts";
import type { ReceiverContract } from "../src/core/contract.ts";
import { defineAction, verdicts } from "../src/core/action.ts";

export interface User {
  id: string;
  email: string | null;
}

export interface Hints {
  test?: boolean;
}

export interface Passage {
  user: User | null;
  metadata: Hints;
}

/** The answer. */
export interface Verdict {
  decision?: "allow" | "deny" | (string & {});
  deny_code?: string;
  deny_reason?: string;
  override_claims?: Record<string, unknown>;
  override_roles?: string[];
}

/** What every event has beside its data. */
export interface Envelope<Type extends string> {
  /** The question. */
  id: string;
  /** What this is. */
  object: "action_event";
  /** When it is asked. */
  trigger: Type;
  /** Who is asked. */
  action_id: string;
  /** Where it is asked. */
  project_id: string;
  /** When it was asked. */
  created_at: string;
}

/** Before somebody passes. */
export interface BeforePass extends Envelope<"before_pass">, Passage {}

/** After somebody passed. */
export interface AfterPass extends Envelope<"after_pass">, Passage {}

/** An event of a type that was added after this was generated. */
export interface UnknownEvent extends Envelope<"$unknown"> {
  /** The type that was sent. */
  rawType: string;
  /** Whatever it says. */
  [member: string]: unknown;
}

/** The known events by type. */
export interface EventMap {
  before_pass: BeforePass;
  after_pass: AfterPass;
}

/** Any event, also one of a type that was added later. */
export type WebhookEvent = EventMap[keyof EventMap] | UnknownEvent;

/** What a verdict may override, where its trigger allows it. */
export type Overrides = Pick<Verdict, "override_claims" | "override_roles">;

/** What a verdict may say beside, whatever it decides. */
export type Others = never;

/** The verdicts that each trigger takes. */
export interface VerdictMap {
  before_pass: Allow<Others> | Override<Overrides, Others> | Deny<Others>;
  after_pass: Allow<Others>;
}

/** `allow()` lets it go on, `deny({ code, reason })` stops it. */
export const { allow, deny } = verdicts<Overrides, Others>();

/** What the core has to know to verify and read these events. */
export const contract: ReceiverContract = {
  id: "gate",
  mode: "action",
  signature: {
    algorithms: [{ name: "hmac-sha256", key: "utf8", secretPrefix: "asec_", prefix: "v1=", encoding: "hex" }],
    content: ["timestamp", "body"],
    signatureHeader: "Gate-Signature",
    separator: ",",
    timestamp: { unit: "seconds", carrier: "signature", prefix: "t=" },
    idHeader: null,
    toleranceSeconds: 300,
    toleranceSides: "both",
  },
  authorizationHeader: null,
  typeKey: "trigger",
  eventId: {
    in: "envelope",
    name: "id",
  },
  dataKey: null,
  metaKey: null,
  envelope: {
    id: { type: "string" },
    object: { type: { constant: "action_event" } },
    trigger: { type: "string" },
    action_id: { type: "string" },
    project_id: { type: "string" },
    created_at: { type: "string" },
  },
  events: {
    before_pass: "Passage",
    after_pass: "Passage",
  },
  metas: {},
  batch: null,
  verdict: {
    shape: "Verdict",
    decision: "decision",
    allows: "allow",
    denies: "deny",
    code: "deny_code",
    reason: "deny_reason",
    overrides: ["override_claims", "override_roles"],
    others: [],
    triggers: { before_pass: "decides-and-overrides", after_pass: "informational" },
    bytesMax: 65536,
    signatureHeader: "Gate-Response-Signature",
  },
  shapes: {
    User: { fields: { id: { type: "string" }, email: { type: "string", nullable: true } } },
    Hints: { fields: { test: { type: "boolean", optional: true } } },
    Passage: { fields: { user: { type: { shape: "User" }, nullable: true }, metadata: { type: { shape: "Hints" } } } },
    Verdict: {
      fields: {
        decision: { type: "string", optional: true },
        deny_code: { type: "string", optional: true },
        deny_reason: { type: "string", optional: true },
        override_claims: { type: { record: { type: "unknown" } }, optional: true },
        override_roles: { type: { array: { type: "string" } }, optional: true },
      },
    },
  },
};

/** The receiver of Gate. */
export const Webhook = defineAction<EventMap, VerdictMap, UnknownEvent>(contract);
export type Webhook = InstanceType<typeof Webhook>;
