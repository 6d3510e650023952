"""test/vectors/signatures.json, and the strings that must never change."""

from __future__ import annotations

import base64
import json
import traceback
import unittest
from typing import Any

from hookwright_webhooks import WebhookError
from hookwright_webhooks._core.secrets import keys_of
from hookwright_webhooks._core.signature import (
    SignatureAlgorithm,
    SignatureScheme,
    SignedTime,
    Text,
    signature_headers,
    verify_signature,
)

from .vector_files import VECTORS

GOLDEN = {
    "stech golden": "sha256=6b030e4d392c2568a846672721c4bc8ca4927db3ed33e92ab181bff06c24618f",
    "authio golden": "t=1700000000,v1=d2b7a36228bf93f2c5f86e7d94ac3d20d77da93f7a6cf9c66a4a0c52d9a8bae4",
    "authn golden": "v1,zzKhOW+FDNqS+5Z1m4ZA1FO7VeHKDidWH6mx54XRR/c=",
    "authsignal golden": "t=1700000000,v2=inwBoPbqAoaMHV2oBcJiAo1V0+/0+KMnrRhOUCBAUcs",
}


def scheme_of(scheme: dict[str, Any]) -> SignatureScheme:
    """The scheme as a file of vectors has it."""
    return SignatureScheme(
        algorithms=[
            SignatureAlgorithm(
                one["name"],
                one["key"],
                one["secretPrefix"],
                one["prefix"],
                one["encoding"],
                one.get("secretBytesMin", 0),
            )
            for one in scheme["algorithms"]
        ],
        content=[Text(part["text"]) if isinstance(part, dict) else part for part in scheme["content"]],
        signature_header=scheme["signatureHeader"],
        separator=scheme["separator"],
        timestamp=None if scheme["timestamp"] is None else SignedTime(**scheme["timestamp"]),
        id_header=scheme["idHeader"],
        tolerance_seconds=scheme["toleranceSeconds"],
        tolerance_sides=scheme["toleranceSides"],
        joint=scheme.get("joint", "."),
    )


def verify(vector: dict[str, Any]) -> WebhookError | None:
    """Why the vector is refused; None when it is accepted."""
    scheme = scheme_of(vector["scheme"])
    try:
        verify_signature(
            scheme,
            keys_of(vector["secrets"], scheme),
            body=base64.b64decode(vector["bodyBase64"]),
            headers=vector["headers"],
            now_ms=vector["now"],
            tolerance_seconds=scheme.tolerance_seconds,
        )
    except WebhookError as error:
        return error
    return None


@unittest.skipIf(VECTORS is None, "the vectors stand in the repository, not in the package")
class SignatureVectors(unittest.TestCase):
    def setUp(self) -> None:
        assert VECTORS is not None
        self.vectors: list[dict[str, Any]] = json.loads((VECTORS / "signatures.json").read_text("utf-8"))

    def test_each_has_its_outcome(self) -> None:
        self.assertGreater(len(self.vectors), 40)
        for vector in self.vectors:
            with self.subTest(vector["name"]):
                error = verify(vector)
                got = {"ok": True} if error is None else {"ok": False, "code": error.code}
                self.assertEqual(got, vector["expect"])

    def test_no_error_shows_a_secret(self) -> None:
        for vector in self.vectors:
            error = verify(vector)
            if error is None:
                continue
            shown = f"{error} {error.expected} {error.got} {traceback.format_exception_only(type(error), error)}"
            for secret in vector["secrets"]:
                if len(secret) > 8:
                    self.assertNotIn(secret.strip(), shown)

    def test_golden_signatures_are_made_and_have_not_moved(self) -> None:
        for name, signature in GOLDEN.items():
            vector = next(candidate for candidate in self.vectors if candidate["name"] == name)
            scheme = scheme_of(vector["scheme"])
            self.assertEqual(vector["headers"][scheme.signature_header], signature)
            ms = vector["now"] + (999 if (scheme.timestamp and scheme.timestamp.unit) == "seconds" else 0)
            made = signature_headers(
                scheme,
                keys_of(vector["secrets"], scheme)[0],
                body=base64.b64decode(vector["bodyBase64"]),
                id="whd_1",
                timestamp_ms=ms,
            )
            self.assertEqual(made, vector["headers"])


if __name__ == "__main__":
    unittest.main()
