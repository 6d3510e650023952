/**
 * Every error a caller can get, in one table: what the code means, the HTTP status it has, and what to do about it.
 * The API's answers, the library's exceptions and the reference are made from it. A code is never reused.
 */
export const errorTable = {
  invalid_request: {
    status: 400,
    meaning: "The request does not have the form the route asks for.",
    remedy: "Correct the field that the message names; /openapi.json has every route's form.",
  },
  invalid_json: {
    status: 400,
    meaning: "The body is not JSON.",
    remedy: "Send JSON in UTF-8 with Content-Type: application/json.",
  },
  invalid_event_data: {
    status: 400,
    meaning: "The event's data do not have the type that the catalog declares.",
    remedy: "Correct the field at the path the message names; GET /v1/event-types/{type} has the schema.",
  },
  unknown_event_type: {
    status: 400,
    meaning: "The catalog has no such event type.",
    remedy: "Use a type from GET /v1/event-types, or add it to the catalog and generate again.",
  },
  unknown_contract: {
    status: 400,
    meaning: "The catalog has no such contract.",
    remedy: "Use a contract that GET /v1/event-types names.",
  },
  invalid_url: {
    status: 400,
    meaning: "The endpoint's URL cannot be delivered to.",
    remedy: "Give an absolute https:// URL of a public host, without user name, password or fragment.",
  },
  unauthorized: {
    status: 401,
    meaning: "The request has no valid API key.",
    remedy: "Send Authorization: Bearer <key> with a key that has not been revoked.",
  },
  forbidden: {
    status: 403,
    meaning: "The API key's role does not allow this.",
    remedy: "Use a key with the role admin or owner.",
  },
  not_found: {
    status: 404,
    meaning: "There is no such thing, or it belongs to another tenant.",
    remedy: "Check the path and the identifiers in it.",
  },
  method_not_allowed: {
    status: 405,
    meaning: "The path exists, but not with this method.",
    remedy: "Use a method that the Allow header names.",
  },
  idempotency_conflict: {
    status: 409,
    meaning: "The idempotency key was used for another request or another event, or the first request is under way.",
    remedy: "Use a new key for something new; repeat a request with exactly what it was first sent with.",
  },
  limit_reached: {
    status: 409,
    meaning: "There are as many of these as there may be.",
    remedy: "Remove one that is no longer used, then try again.",
  },
  payload_too_large: {
    status: 413,
    meaning: "The request is larger than this server reads, or an event's body than its contract sends.",
    remedy: "Send less than 1 MiB; of an event, identifiers in place of contents.",
  },
  event_too_large: {
    status: 413,
    meaning: "The event would make a request larger than its contract's receivers take.",
    remedy: "Send less data, or a link to it; `bodyBytesMax` of the contract says how much its receivers take.",
  },
  unsupported_media_type: {
    status: 415,
    meaning: "The request's body is not JSON, or it is compressed.",
    remedy: "Send Content-Type: application/json, and no Content-Encoding.",
  },
  rate_limited: {
    status: 429,
    meaning: "The key, or its tenant, made more requests than it may, or too many unknown keys came from one address.",
    remedy: "Wait for as many seconds as the header Retry-After says, and ask again.",
  },
  invalid_transaction: {
    status: 500,
    meaning: "What was given as tx is no open transaction of the database that Hookwright was opened with.",
    remedy: "Give the object that your library hands to the function of its transaction, as the message says.",
  },
  transaction_closed: {
    status: 500,
    meaning: "The transaction that was given as tx was committed or rolled back before.",
    remedy: "Await emit inside the transaction, before it ends.",
  },
  closed: {
    status: 500,
    meaning: "Hookwright was closed in this process.",
    remedy: "Call close when nothing emits or asks any more, after the product's own server has closed.",
  },
  lease_lost: {
    status: 500,
    meaning: "Another process took over this shard of the log.",
    remedy: "Run one engine on an embedded database; stop the other process, then start this one again.",
  },
  secret_unreadable: {
    status: 500,
    meaning: "A stored secret cannot be opened with the key ring.",
    remedy: "Put the key that sealed it back into HOOKWRIGHT_SECRET_KEYS.",
  },
  invalid_configuration: {
    status: 500,
    meaning: "The configuration cannot be used.",
    remedy: "Set the variables that the message names.",
  },
  internal_error: {
    status: 500,
    meaning: "Something failed that should not.",
    remedy: "Try again; if it persists, look for the request id in the server's log.",
  },
  not_ready: {
    status: 503,
    meaning: "The server cannot serve yet, or is stopping.",
    remedy: "Try again in a few seconds.",
  },
  database_unavailable: {
    status: 503,
    meaning: "The database cannot be used at present: it restarts, is locked, full, read-only or out of connections.",
    remedy:
      "Wait for as many seconds as the header Retry-After says, and ask again; with an idempotency key, as before.",
  },
} as const satisfies Record<string, { status: number; meaning: string; remedy: string }>;

export type ErrorCode = keyof typeof errorTable;

/** The one error this library throws on purpose. `message` names the input, what was expected and what came. */
export class HookwrightError extends Error {
  readonly code: ErrorCode;
  /** Where in the input, `data.usage.input`. Null when it is about the whole. */
  readonly path: string | null;

  constructor(code: ErrorCode, message: string, options: { readonly path?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "HookwrightError";
    this.code = code;
    this.path = options.path ?? null;
  }
}
