/** Each code with the HTTP status a receiver answers. The order is that of the checks: of two faults the first is told. */
export const errorStatuses = {
  /** The secret or the authorization is missing, or not in the contract's form. Thrown when the webhook is constructed. */
  secret_invalid: 500,
  /** A parsed body instead of the bytes as they came, or a request whose body was read before. */
  body_already_parsed: 500,
  /** More bytes than `maxBodyBytes`. */
  body_too_large: 400,
  /** A header of the signature, or the one with the authorization, is absent or empty. */
  missing_header: 400,
  /** One of these headers came more than once, or lacks the signed time it should carry. */
  invalid_header: 400,
  /** The signed time is not a plain decimal integer. */
  timestamp_invalid: 400,
  /** The signed time is further in the past than the tolerance. */
  timestamp_too_old: 400,
  /** The signed time is further in the future than the tolerance. */
  timestamp_too_new: 400,
  /** No signature of the header was made with one of the secrets over this body. */
  no_matching_signature: 400,
  /** Of a contract without signatures: the header has another value than the one that was configured. */
  authorization_mismatch: 401,
  /** The body, or one of its lines, is not JSON in UTF-8. */
  invalid_json: 422,
  /** The JSON is neither a batch of this contract nor, where that may come, a record alone. */
  not_a_batch: 422,
  /** The JSON of an event is not an object. */
  not_an_object: 422,
  /** The object does not name its event type. */
  missing_type: 422,
  /** A field of a known event does not have the type it was published with; `path`, `expected` and `got` say which. */
  invalid_field: 422,
  /** The verdict of a handler that its trigger does not allow, or that is longer than an answer may be. */
  verdict_invalid: 500,
} as const;

export type WebhookErrorCode = keyof typeof errorStatuses;

export interface ErrorDetail {
  readonly path?: string;
  readonly expected?: string;
  readonly got?: string;
}

/**
 * Why a delivery was refused. `status` is the HTTP status to answer: 400 or 401 when the delivery could not be verified, 422
 * when it was verified and its content is malformed, and 500 when the fault is the receiver's own: senders give up
 * after a 4xx, and this delivery will be good once the receiver is. Neither the message nor a field ever holds a secret.
 */
export class WebhookError extends Error {
  override readonly name = "WebhookError";
  readonly code: WebhookErrorCode;
  readonly status: number;
  /** Where in the body, `data.usage.input`; null when the fault is not in a field. */
  readonly path: string | null;
  readonly expected: string | null;
  readonly got: string | null;

  constructor(code: WebhookErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message);
    this.code = code;
    this.status = errorStatuses[code];
    this.path = detail.path ?? null;
    this.expected = detail.expected ?? null;
    this.got = detail.got ?? null;
  }
}
