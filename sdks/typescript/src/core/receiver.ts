import { type Authorization, authorizationsOf, checkAuthorization } from "./authorization.ts";
import { bodyBytes, type RawBody } from "./body.ts";
import type { ReceiverContract, SignatureScheme } from "./contract.ts";
import type { HeaderSource } from "./headers.ts";
import { keysOf } from "./secrets.ts";
import { signatureHeaders, verifySignature } from "./signature.ts";

/** One secret, or several while one replaces another: a request is accepted when any of them signed it. */
export type Secrets = string | undefined | readonly string[];

export interface WebhookOptions {
  /** Seconds that the signed time may differ from the clock. Left out, what the contract declares. */
  readonly tolerance?: number;
  /** Larger bodies are refused before anything else is done with them. Left out, 1 MiB; of a batch 16 MiB. */
  readonly maxBodyBytes?: number;
  /** The clock, in milliseconds since 1970-01-01T00:00:00Z. Left out, `Date.now`. */
  readonly now?: () => number;
}

export interface SignOptions {
  /** The signed identifier, where the contract has one. Left out, a new one. */
  readonly id?: string;
  /** The signed time, in milliseconds as `now` gives it. Left out, now. */
  readonly timestamp?: number;
}

/** What receivers of every mode do before they read a body. */
export interface Receiver {
  readonly maxBodyBytes: number;
  /** The body of a request that may come in. Rejects with a `WebhookError`. */
  readonly admit: (body: RawBody, headers: HeaderSource) => Promise<Uint8Array>;
  readonly bytesOf: (body: RawBody) => Uint8Array;
  /** The headers that a sender with the first secret would send with this body. */
  readonly sign: (body: RawBody, options?: SignOptions) => Promise<Record<string, string>>;
  /** The header of a signed answer. Empty for a contract that signs nothing. */
  readonly signAnswer: (body: string, header: string) => Promise<Record<string, string>>;
}

/** Throws a `WebhookError` with code secret_invalid, and a RangeError when an option is not a number or negative. */
export function receiverOf(
  contract: ReceiverContract,
  credentials: Secrets | Authorization,
  options: WebhookOptions = {},
): Receiver {
  const maxBodyBytes = notNegative(
    "maxBodyBytes",
    options.maxBodyBytes ?? (contract.batch === null ? 1 : 16) * 2 ** 20,
  );
  const now = options.now ?? Date.now;
  const { signature } = contract;
  const bytesOf = (body: RawBody) => bodyBytes(body, maxBodyBytes);
  const gate =
    signature === null
      ? authorizedGate(contract.authorizationHeader, credentials)
      : signedGate({ scheme: signature, secrets: credentials, tolerance: options.tolerance, now });
  return {
    maxBodyBytes,
    bytesOf,
    async admit(body, headers) {
      const bytes = bytesOf(body);
      await gate.check(bytes, headers);
      return bytes;
    },
    sign: gate.sign,
    signAnswer: gate.signAnswer,
  };
}

interface Gate extends Pick<Receiver, "sign" | "signAnswer"> {
  readonly check: (body: Uint8Array, headers: HeaderSource) => Promise<void>;
}

interface Signing {
  readonly scheme: SignatureScheme;
  readonly secrets: Secrets | null;
  readonly tolerance: number | undefined;
  readonly now: () => number;
}

function signedGate({ scheme, secrets, tolerance, now }: Signing): Gate {
  const keys = keysOf(secrets ?? undefined, scheme);
  const toleranceSeconds = notNegative("tolerance", tolerance ?? scheme.toleranceSeconds);
  const [key] = keys;
  if (key === undefined) throw new Error("A webhook has at least one secret.");
  return {
    check: (body, headers) => verifySignature(scheme, keys, { body, headers, nowMs: now(), toleranceSeconds }),
    async sign(body, { id = `msg_${crypto.randomUUID()}`, timestamp = now() } = {}) {
      return signatureHeaders(scheme, key, { body: bodyBytes(body, Infinity), id, timestampMs: timestamp });
    },
    signAnswer(body, signatureHeader) {
      const request = { body: new TextEncoder().encode(body), id: "", timestampMs: now() };
      return signatureHeaders({ ...scheme, signatureHeader }, key, request);
    },
  };
}

function authorizedGate(header: string | null, credentials: Authorization): Gate {
  const accepted = authorizationsOf(credentials);
  const [first] = accepted ?? [];
  return {
    async check(_body, headers) {
      if (header !== null && accepted !== null) await checkAuthorization(header, accepted, headers);
    },
    sign: async () => (header === null || first === undefined ? {} : { [header]: first }),
    signAnswer: async () => ({}),
  };
}

// NaN, from an unset environment variable for instance, would switch a limit off without a word.
function notNegative(name: string, value: number): number {
  if (value >= 0) return value;
  throw new RangeError(`${name}: expected a number that is not negative, got ${value}.`);
}
