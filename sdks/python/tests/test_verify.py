"""What the shared vectors cannot say: Python's own kinds of bodies, headers and secrets."""

from __future__ import annotations

import json
import pickle
import unittest
from typing import Any

from hookwright_webhooks import ERROR_STATUSES, WebhookError

from .contracts.shop import Webhook
from .orders import NOW, PLACED, PREVIOUS, SECRET, body_of, error_of, webhook

BODY = body_of(PLACED)


class Pairs:
    """Headers that are no mapping and repeat a name in items(), as werkzeug's are."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = pairs

    def items(self) -> list[tuple[str, str]]:
        return list(self.pairs)


class WhatVerifyTakes(unittest.TestCase):
    def test_bodies(self) -> None:
        for body in (BODY, bytearray(BODY), memoryview(BODY), BODY.decode()):
            with self.subTest(type(body).__name__):
                self.assertEqual(webhook.verify(body, webhook.sign(body)).raw, BODY)

    def test_headers(self) -> None:
        headers = webhook.sign(BODY)
        forms: dict[str, Any] = {
            "a dict": headers,
            "in lower case": {name.lower(): value for name, value in headers.items()},
            "lists with one element": {name: [value] for name, value in headers.items()},
            "pairs": list(headers.items()),
            "pairs that can be read once": iter(headers.items()),
            "pairs of bytes, as ASGI has them": [(n.lower().encode(), v.encode()) for n, v in headers.items()],
            "items() of something that is no mapping": Pairs(*headers.items()),
            "absent headers beside": {**headers, "cookie": None},
        }
        for name, form in forms.items():
            with self.subTest(name):
                self.assertEqual(webhook.verify(BODY, form).raw, BODY)

    def test_a_header_that_came_twice_is_invalid(self) -> None:
        headers = [*webhook.sign(BODY).items()]
        self.assertEqual(error_of(webhook.verify, BODY, Pairs(*headers, headers[-1])).code, "invalid_header")

    def test_a_body_that_is_not_utf8_is_hashed_as_bytes_and_then_refused_as_json(self) -> None:
        """R-STECH-93"""
        body = b'"\xff"'
        self.assertEqual(error_of(webhook.verify, body, webhook.sign(body)).code, "invalid_json")

    def test_a_byte_order_mark_is_passed_over(self) -> None:
        body = b"\xef\xbb\xbf" + BODY
        self.assertEqual(webhook.verify(body, webhook.sign(body)).raw, body)

    def test_a_parsed_body_is_refused_with_the_fix(self) -> None:
        for sent, got in ((PLACED, "an object"), ([PLACED], "an array"), (None, "null"), (5, "number 5")):
            with self.subTest(got):
                error = error_of(webhook.verify, sent, {})
                self.assertEqual((error.code, error.status, error.got), ("body_already_parsed", 500, got))
                for framework in ("Flask", "FastAPI", "Django", "Lambda"):
                    self.assertIn(framework, str(error))

    def test_the_limit_counts_bytes_and_comes_first(self) -> None:
        small = Webhook(SECRET, max_body_bytes=3)
        self.assertEqual(error_of(small.verify, "éé", {}).code, "body_too_large")
        self.assertEqual(error_of(small.verify, "abc", {}).code, "missing_header")

    def test_the_clock_and_the_tolerance(self) -> None:
        headers = webhook.sign(BODY, timestamp=NOW - 10)
        self.assertEqual(
            error_of(Webhook(SECRET, now=lambda: NOW, tolerance=9).verify, BODY, headers).got, "10 s in the past"
        )
        self.assertEqual(Webhook(SECRET, now=lambda: NOW, tolerance=10).verify(BODY, headers).raw, BODY)
        self.assertEqual(
            error_of(Webhook(SECRET, now=lambda: float("nan")).verify, BODY, headers).code, "timestamp_too_old"
        )

    def test_digits_of_another_script_are_no_time(self) -> None:
        headers = {**webhook.sign(BODY), "webhook-timestamp": "１７００００００００"}
        self.assertEqual(error_of(webhook.verify, BODY, headers).code, "timestamp_invalid")

    def test_options_that_would_switch_a_check_off_are_refused(self) -> None:
        wrong: list[dict[str, Any]] = [
            {"tolerance": float("nan")},
            {"tolerance": -1},
            {"max_body_bytes": -1},
            {"tolerance": "300"},
        ]
        for options in wrong:
            with self.subTest(str(options)), self.assertRaises(ValueError):
                Webhook(SECRET, **options)


class Secrets(unittest.TestCase):
    def test_what_is_no_secret(self) -> None:
        wrong: list[Any] = [
            None,
            [],
            "",
            "MDEy",
            "whsec_",
            SECRET + "\n",
            b"whsec_MDEy",
            [SECRET, "MDEy"],
            "whsec_AA=C",
            "whsec_AAEC=",
            "whsec_AAECAw=",
        ]
        for secrets in wrong:
            with self.subTest(repr(secrets)):
                error = error_of(Webhook, secrets)
                self.assertEqual((error.code, error.status, error.path), ("secret_invalid", 500, None))
                self.assertNotIn("MDEy", str(error))

    def test_a_delivery_signed_with_either_secret_passes_while_they_rotate(self) -> None:
        """R-STECH-51"""
        rotating = Webhook([SECRET, PREVIOUS], now=lambda: NOW)
        for secret in (SECRET, PREVIOUS):
            headers = Webhook(secret, now=lambda: NOW).sign(BODY)
            self.assertEqual(rotating.verify(BODY, headers).raw, BODY)
        self.assertEqual(webhook.verify(BODY, rotating.sign(BODY)).raw, BODY)
        self.assertEqual(
            error_of(webhook.verify, BODY, Webhook(PREVIOUS, now=lambda: NOW).sign(BODY)).code, "no_matching_signature"
        )

    def test_printing_the_webhook_shows_no_secret(self) -> None:
        self.assertNotIn(SECRET, repr(webhook) + repr(vars(webhook)))

    def test_a_signature_of_other_characters_is_refused_and_does_not_fail(self) -> None:
        headers = {**webhook.sign(BODY), "webhook-signature": "v1,é\udcff"}
        self.assertEqual(error_of(webhook.verify, BODY, headers).code, "no_matching_signature")


class Errors(unittest.TestCase):
    def test_every_code_is_in_the_readme_with_its_status(self) -> None:
        from pathlib import Path

        text = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
        for code, status in ERROR_STATUSES.items():
            self.assertRegex(text, rf"\| `{code}` +\| {status} ")

    def test_an_error_survives_pickling(self) -> None:
        error = error_of(webhook.parse, b"{}")
        copy = pickle.loads(pickle.dumps(error))
        self.assertIsInstance(copy, WebhookError)
        self.assertEqual((copy.code, copy.path, str(copy)), (error.code, error.path, str(error)))

    def test_bodies_that_python_alone_would_take_or_fail_at(self) -> None:
        deep = b"[" * 100_000 + b"]" * 100_000
        large = Webhook(SECRET, max_body_bytes=1_000_000)
        for body in (b"NaN", b"[Infinity]", b"", deep):
            with self.subTest(body[:10]):
                self.assertEqual(error_of(large.parse, body).code, "invalid_json")
        event = {**PLACED, "added_later": 0}
        digits = json.dumps(event).replace('"added_later": 0', '"added_later": ' + "9" * 5000).encode()
        self.assertEqual(large.parse(digits).raw, digits)


if __name__ == "__main__":
    unittest.main()
