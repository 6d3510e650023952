"""The one error of this package."""

from __future__ import annotations

from typing import Final, Literal

WebhookErrorCode = Literal[
    "secret_invalid",
    "body_already_parsed",
    "body_too_large",
    "missing_header",
    "invalid_header",
    "timestamp_invalid",
    "timestamp_too_old",
    "timestamp_too_new",
    "no_matching_signature",
    "authorization_mismatch",
    "invalid_json",
    "not_a_batch",
    "not_an_object",
    "missing_type",
    "invalid_field",
    "verdict_invalid",
]

# Each code with the HTTP status a receiver answers, in the order of the checks: of two faults the first is told.
ERROR_STATUSES: Final[dict[WebhookErrorCode, int]] = {
    # The secret is missing, or not in the contract's form. Raised when the webhook is constructed.
    "secret_invalid": 500,
    # A parsed body instead of the bytes as they came, or a request whose body was read before.
    "body_already_parsed": 500,
    # More bytes than `max_body_bytes`.
    "body_too_large": 400,
    # A header of the signature is absent or empty.
    "missing_header": 400,
    # A header of the signature came more than once, or lacks the signed time it should carry.
    "invalid_header": 400,
    # The signed time is not a plain decimal integer.
    "timestamp_invalid": 400,
    # The signed time is further in the past than the tolerance.
    "timestamp_too_old": 400,
    # The signed time is further in the future than the tolerance.
    "timestamp_too_new": 400,
    # No signature of the header was made with one of the secrets over this body.
    "no_matching_signature": 400,
    # The header of the authorization has another value than the configured one.
    "authorization_mismatch": 401,
    # The signed bytes are not JSON in UTF-8.
    "invalid_json": 422,
    # The JSON is no batch of the contract nor, where that may come, a record alone.
    "not_a_batch": 422,
    # The event, or a record, is not an object.
    "not_an_object": 422,
    # The object does not name its event type.
    "missing_type": 422,
    # A field of a known event does not have the type it was published with.
    "invalid_field": 422,
    # A verdict that its question does not allow. A fault of the handler.
    "verdict_invalid": 500,
}


class WebhookError(Exception):
    """Why a delivery was refused.

    `status` is the HTTP status to answer: 400 when the delivery could not be verified, 422 when it was verified and
    its content is malformed, and 500 when the fault is the receiver's own: senders give up after a 4xx, and this
    delivery will be good once the receiver is. Neither the message nor a field ever holds a secret.
    """

    code: WebhookErrorCode
    status: int
    path: str | None
    """Where in the body, `data.usage.input`; None when the fault is not in a field."""
    expected: str | None
    got: str | None

    def __init__(
        self,
        code: WebhookErrorCode,
        message: str,
        *,
        path: str | None = None,
        expected: str | None = None,
        got: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = ERROR_STATUSES[code]
        self.path = path
        self.expected = expected
        self.got = got

    def __reduce__(self) -> tuple[object, ...]:
        detail = {"path": self.path, "expected": self.expected, "got": self.got}
        return (_restore, (self.code, str(self), detail))


def _restore(code: WebhookErrorCode, message: str, detail: dict[str, str | None]) -> WebhookError:
    return WebhookError(code, message, **detail)
