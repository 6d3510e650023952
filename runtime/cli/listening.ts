import type { EnvelopeField } from "../../catalog/contract.ts";
import type { Api } from "./api.ts";
import type { SecretPlace } from "./kept-secrets.ts";
import type { ReceivedDelivery } from "./verify-delivery.ts";

/** Something to print: as text, and as members of a JSON object. */
export interface Said {
  readonly words: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What becomes of what was registered, at the end. */
export type OnExit = "disable" | "remove";

/** What `listen` does for a contract of one mode. */
export interface Listening {
  /** How long a receiver may take. */
  readonly timeoutMs: number;
  /** Takes up what an earlier run registered, or registers it. Rejects with what to do, and leaves nothing behind then. */
  readonly claim: (at: ClaimPlace) => Promise<Claimed>;
  /** What came. */
  readonly arrival: (delivery: ReceivedDelivery) => Said;
  /** What the receiver's answer says beside its status. */
  readonly answer: (body: Buffer) => Said;
}

export interface ClaimPlace {
  readonly api: Api;
  readonly place: SecretPlace;
  /** Where this machine is to be delivered to. */
  readonly url: string;
}

export interface Claimed {
  /** Names and values for whoever reads; the fields are for programs. */
  readonly ready: { readonly lines: readonly (readonly [string, string])[]; readonly fields: Said["fields"] };
  /** Why a delivery is not forwarded. Null: it verified. */
  readonly problem: (delivery: ReceivedDelivery) => string | null;
  readonly retire: (how: OnExit) => Promise<Said>;
}

export const nothing: Said = { words: [], fields: {} };

export interface EnvelopeFacts {
  readonly type: string;
  readonly id: string;
}

/** Type and id of an event as its envelope has them; `?` where it has none. */
export function envelopeFacts(envelope: Readonly<Record<string, EnvelopeField>>, event: unknown): EnvelopeFacts {
  const fieldOf = (source: "event.id" | "event.type"): string => {
    const field = Object.entries(envelope).find(([, each]) => "from" in each && each.from === source);
    return field === undefined ? "?" : String(Reflect.get(Object(event), field[0]) ?? "?");
  };
  return { type: fieldOf("event.type"), id: fieldOf("event.id") };
}

/** Null when it is no JSON. */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
