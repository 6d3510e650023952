"""How a receiver knows that a request is genuine: by its signature, or by a text that was agreed upon."""

from __future__ import annotations

import hmac
from typing import Any, Protocol

from .errors import WebhookError
from .headers import HeaderSource, read_headers
from .secrets import Secrets, keys_of, named_secrets, secret_invalid
from .signature import SignatureScheme, signature_headers, verify_signature


class Authenticator(Protocol):
    """One way to tell a genuine request."""

    def verify(self, body: bytes, headers: HeaderSource, now_ms: float) -> None:
        """Raises WebhookError when the request is not genuine."""

    def sign(self, body: bytes, id: str, timestamp_ms: float) -> dict[str, str]:
        """The headers that make a request genuine."""


class SignatureCheck:
    """A request is genuine when one of the secrets signed it, not too long ago."""

    def __init__(self, scheme: SignatureScheme, secrets: Secrets, tolerance_seconds: float) -> None:
        self._scheme = scheme
        self._keys = keys_of(secrets, scheme)
        self._tolerance_seconds = tolerance_seconds

    def verify(self, body: bytes, headers: HeaderSource, now_ms: float) -> None:
        """Raises what verify_signature does."""
        verify_signature(
            self._scheme,
            self._keys,
            body=body,
            headers=headers,
            now_ms=now_ms,
            tolerance_seconds=self._tolerance_seconds,
        )

    def sign(self, body: bytes, id: str, timestamp_ms: float) -> dict[str, str]:
        """The headers of a request that the first secret signs."""
        return signature_headers(self._scheme, self._keys[0], body=body, id=id, timestamp_ms=timestamp_ms)


class Authorization:
    """A request is genuine when a header carries one of the texts that the receiver's owner configured."""

    def __init__(self, header: str | None, secrets: Secrets) -> None:
        if header is None:
            raise TypeError("The contract neither signs nor has a header for an authorization.")
        self._header = header
        self._values = [_value_of(secret, name) for secret, name in named_secrets(secrets)]

    def verify(self, body: bytes, headers: HeaderSource, now_ms: float) -> None:
        """Raises missing_header, invalid_header or authorization_mismatch."""
        sent = read_headers(headers, [self._header])[self._header].encode("utf-8", "surrogatepass")
        # Every value, with no early end: the time taken does not tell which one matched.
        if sum(hmac.compare_digest(sent, value.encode()) for value in self._values) == 0:
            causes = "the authorization that the sender is configured with is another one"
            message = f"The header {self._header} has none of the expected values: {causes}."
            raise WebhookError("authorization_mismatch", message)

    def sign(self, body: bytes, id: str, timestamp_ms: float) -> dict[str, str]:
        """The header with the first value."""
        return {self._header: self._values[0]}


class Anybody:
    """Every request is taken for genuine, because its receiver said so."""

    def verify(self, body: bytes, headers: HeaderSource, now_ms: float) -> None:
        """Raises nothing."""

    def sign(self, body: bytes, id: str, timestamp_ms: float) -> dict[str, str]:
        """No headers."""
        return {}


def _value_of(secret: Any, name: str) -> str:
    remedy = "Use the text of the authorization as the sender is configured with it."
    if not isinstance(secret, str):
        raise secret_invalid(f"{name} is not a string but {type(secret).__name__}", remedy)
    if secret == "" or secret != secret.strip() or not secret.isprintable():
        raise secret_invalid(f"{name} is empty, or has white space around it", remedy)
    return secret
