import type { ContractModel } from "../model.ts";
import { headerOf } from "../envelope.ts";
import { splitCarried } from "./carried.ts";
import { secretsOf, signatureHeaders, type Signing } from "./signing.ts";

/** What a receiver has to find in one place of an event. */
export interface Probe {
  readonly path: string;
  readonly is: "absent" | "null" | "value";
  readonly value?: unknown;
  /** False where the value is none of those that the catalog names. */
  readonly known?: false;
}

export interface ExpectedEvent {
  readonly type: string;
  readonly known: boolean;
  readonly probes: readonly Probe[];
}

export type Expected =
  | { readonly ok: true; readonly events: readonly ExpectedEvent[] }
  | { readonly ok: false; readonly code: string; readonly path?: string };

/** A request and what has to become of it; what is left out is as it should be. */
export interface Case {
  readonly name: string;
  /** As it was signed. */
  readonly body: string | Uint8Array;
  /** As it arrives, when it was changed on its way. */
  readonly sent?: string;
  readonly signing?: Partial<Signing>;
  /** What becomes of the headers on their way. */
  readonly headers?: (headers: Headers) => Headers;
  /** What the receiver is made with. */
  readonly secrets?: readonly string[];
  readonly authorization?: string | null;
  readonly now?: number;
  readonly expect: Expected;
}

type Headers = Readonly<Record<string, string>>;

export interface Vector {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly authorization: string | null;
  readonly now: number;
  readonly headers: Headers;
  readonly bodyBase64: string;
  readonly expect: Expected;
}

/** When every request is signed and, unless a case says otherwise, received. */
export const signedAt = Date.UTC(2026, 4, 8, 16);

/** What the endpoint's owner configured. */
export const configuredAuthorization = "Bearer 4f1d8c2a97";

export function vectorOf(contract: ContractModel, given: Case): Vector {
  const { declaration } = contract;
  const authorizationHeader = headerOf(declaration, "authorization");
  const isSigned = declaration.signature !== null;
  const [secret = ""] = secretsOf(declaration, "current");
  const { body, headers: carried } = splitCarried(declaration, given.body);
  const signing: Signing = { body, secrets: ["current"], at: signedAt, ...given.signing };
  const signed = { ...carried, ...(isSigned ? signatureHeaders(declaration, signing) : {}) };
  const headers = authorizationHeader === null ? signed : { ...signed, [authorizationHeader]: configuredAuthorization };
  const expected = authorizationHeader === null || isSigned ? null : configuredAuthorization;
  return {
    name: given.name,
    secrets: isSigned ? (given.secrets ?? [secret]) : [],
    authorization: given.authorization === undefined ? expected : given.authorization,
    now: given.now ?? signedAt,
    headers: given.headers === undefined ? headers : given.headers(headers),
    bodyBase64: Buffer.from(given.sent === undefined ? body : splitCarried(declaration, given.sent).body).toString(
      "base64",
    ),
    expect: given.expect,
  };
}
