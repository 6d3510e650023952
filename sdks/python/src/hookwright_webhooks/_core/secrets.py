"""The keys that a receiver's secrets stand for."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Any, Union

from .ed25519 import is_public_key
from .errors import WebhookError
from .signature import Key, SignatureScheme

Secrets = Union[str, Sequence[str], None]
"""One secret, or several while one replaces another. None, as an unset environment variable gives it, is refused."""

REMEDY = "Use the signing secret as it was shown when the endpoint was created or its secret rotated."


def keys_of(secrets: Secrets, scheme: SignatureScheme) -> list[Key]:
    """The keys of one secret or several. Raises secret_invalid, which says which secret and never shows it."""
    return [_key_of(secret, name, scheme) for secret, name in named_secrets(secrets)]


def named_secrets(secrets: Secrets) -> list[tuple[Any, str]]:
    """Each secret with what an error calls it, `Secret 1 of 2`. Raises secret_invalid when there is none."""
    listed = list(secrets) if isinstance(secrets, Sequence) and not isinstance(secrets, (str, bytes)) else [secrets]
    if not listed:
        raise secret_invalid("The list of secrets is empty")
    return [(secret, f"Secret {index + 1} of {len(listed)}") for index, secret in enumerate(listed)]


def secret_invalid(fault: str, remedy: str = REMEDY) -> WebhookError:
    """The error for a secret with this fault."""
    return WebhookError("secret_invalid", f"{fault}. {remedy}")


def _key_of(secret: Any, name: str, scheme: SignatureScheme) -> Key:
    if not isinstance(secret, str):
        raise secret_invalid(f"{name} is not a string but {type(secret).__name__}")
    if any(character.isspace() for character in secret):
        raise secret_invalid(f"{name} contains white space, perhaps a line break at its end")
    algorithm = next((one for one in scheme.algorithms if secret.startswith(one.secret_prefix)), None)
    if algorithm is None:
        prefixes = " or ".join(f'"{one.secret_prefix}"' for one in scheme.algorithms)
        raise secret_invalid(f"{name} does not start with {prefixes}")
    prefix = algorithm.secret_prefix
    text = secret[len(prefix) :]
    if text == "":
        raise secret_invalid(f"{name} is empty" + (f' after "{prefix}"' if prefix else ""))
    data = secret.encode("utf-8", "surrogateescape") if algorithm.key == "utf8" else _base64_bytes(text, name)
    if algorithm.name == "ed25519" and not is_public_key(data):
        raise secret_invalid(f"{name} is no Ed25519 public key")
    if len(data) < algorithm.secret_bytes_min:
        raise secret_invalid(f"{name} has {len(data)} bytes, and at least {algorithm.secret_bytes_min} are needed")
    return Key(algorithm, data)


# Strict, because a secret that is not base64 is a secret of another kind; only the padding may be left out.
def _base64_bytes(text: str, name: str) -> bytes:
    digits = re.sub(r"={1,2}\Z", "", text)
    length_fits = len(digits) % 4 != 1 and (digits == text or len(text) % 4 == 0)
    if not length_fits or re.fullmatch(r"[A-Za-z0-9+/]+", digits) is None:
        raise secret_invalid(f"{name} is not base64 after its prefix")
    return base64.b64decode(digits + "=" * (-len(digits) % 4))
