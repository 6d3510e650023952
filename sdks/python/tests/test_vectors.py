"""Every file of test/vectors, with the generated package of its contract."""

from __future__ import annotations

import base64
import importlib
import json
import re
import unittest
from pathlib import Path
from typing import Any

from hookwright_webhooks import ERROR_STATUSES, Batch, WebhookError

from .probes import ABSENT, plain, value_at
from .vector_files import SMALL_VECTORS, VECTORS

SMALL_PACKAGE = f"{__package__}.contracts"


def contract_files() -> list[tuple[str, Path]]:
    """The package of each contract, and its file."""
    if VECTORS is None:
        return []
    real = [path for path in sorted(VECTORS.glob("*.json")) if path.name != "signatures.json"]
    small = [(SMALL_VECTORS / f"{name}.json.txt") for name in ("gate", "records", "shop", "tape")]
    return [
        *((f"hookwright_webhooks.{package_name(path.stem)}", path) for path in real),
        *((f"{SMALL_PACKAGE}.{path.name.split('.')[0]}", path) for path in small),
    ]


def package_name(contract: str) -> str:
    """`authn_svix` for `authnSvix`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", contract).lower()


def webhook_of(module: Any, vector: dict[str, Any], signs: bool) -> Any:
    """The receiver as the vector constructs it."""
    if signs:
        return module.Webhook(vector["secrets"], now=lambda: vector["now"] / 1000)
    if vector["authorization"] is None:
        return module.Webhook.without_authorization()
    return module.Webhook(vector["authorization"])


@unittest.skipIf(VECTORS is None, "the vectors stand in the repository, not in the package")
class ContractVectors(unittest.TestCase):
    def test_every_contract_has_a_file_and_a_package(self) -> None:
        self.assertIn("hookwright_webhooks.stech", [name for name, _ in contract_files()])

    def test_requests(self) -> None:
        for package, path in contract_files():
            module = importlib.import_module(package)
            file = json.loads(path.read_text("utf-8"))
            self.assertGreater(len(file["vectors"]), 20)
            for vector in file["vectors"]:
                with self.subTest(f"{path.name}: {vector['name']}"):
                    self.check_request(module, vector, file)

    def check_request(self, module: Any, vector: dict[str, Any], file: dict[str, Any]) -> None:
        body = base64.b64decode(vector["bodyBase64"])
        expect = vector["expect"]
        try:
            received = webhook_of(module, vector, file["contract"]["signature"] is not None).verify(
                body, vector["headers"]
            )
        except WebhookError as error:
            got: dict[str, Any] = {"ok": False, "code": error.code}
            if "path" in expect:
                got["path"] = error.path
            self.assertEqual(got, expect, str(error))
            return
        self.assertTrue(expect["ok"], f"expected {expect}, got {received!r}")
        events = received.records if isinstance(received, Batch) else [received]
        self.assertEqual(len(events), len(expect["events"]))
        self.assertEqual(received.raw, body)
        for event, expected in zip(events, expect["events"]):
            self.check_event(module, event, expected, file)

    def check_event(self, module: Any, event: Any, expected: dict[str, Any], file: dict[str, Any]) -> None:
        self.assertEqual(getattr(event, event.TYPE_ATTRIBUTE), expected["type"])
        self.assertEqual(not isinstance(event, module.UnknownEvent), expected["known"])
        self.assertEqual(event.raw_json()[file["contract"]["typeKey"]], expected["type"])
        for probe in expected["probes"]:
            value = value_at(event, probe["path"])
            if probe["is"] == "absent":
                self.assertIs(value, ABSENT, probe["path"])
            else:
                self.assertEqual(plain(value), probe.get("value"), probe["path"])

    def test_verdicts(self) -> None:
        checked = 0
        for package, path in contract_files():
            module = importlib.import_module(package)
            file = json.loads(path.read_text("utf-8"))
            for vector in file.get("verdicts", []):
                with self.subTest(f"{path.name}: {vector['name']}"):
                    self.check_verdict(module, file, vector)
                    checked += 1
        self.assertGreater(checked, 10)

    def check_verdict(self, module: Any, file: dict[str, Any], vector: dict[str, Any]) -> None:
        signed = vector.get("sign") or {"secret": file["vectors"][0]["secrets"][0], "now": 0}
        webhook = module.Webhook(signed["secret"], now=lambda: signed["now"] / 1000)
        question = question_of(webhook, file, vector["trigger"])
        if "error" in vector:
            self.assertEqual(self.refusal_of(module, webhook, question, vector["verdict"]), vector["error"])
            return
        verdict = verdict_of(question, vector["verdict"])
        body, headers = webhook.respond(verdict, sign=vector["sign"] is not None, to=question)
        self.assertEqual(body, vector["body"].encode())
        signature = {} if vector["sign"] is None else {signed["header"]: signed["value"]}
        self.assertEqual(headers, {"content-type": "application/json", **signature})

    def refusal_of(self, module: Any, webhook: Any, question: Any, wanted: dict[str, Any]) -> str:
        """The code; what a question does not allow its methods do not take either."""
        with self.assertRaises((TypeError, AttributeError)):
            verdict_of(question, wanted)
        rule = webhook.CONTRACT.verdict
        members = {rule.decision: wanted["decision"], **wanted.get("overrides", {})}
        try:
            webhook.respond(module.Verdict(**members), to=question)
        except WebhookError as error:
            return error.code
        except TypeError:
            # A member that the verdict does not have cannot even be written down.
            self.assertFalse(set(members) <= {field.wire for field in module.Verdict.FIELDS})
            return "verdict_invalid"
        return "sent"


def question_of(webhook: Any, file: dict[str, Any], trigger: str) -> Any:
    """A question of that trigger, from the vectors."""
    for vector in file["vectors"]:
        expect = vector["expect"]
        if expect["ok"] and expect["events"][0]["type"] == trigger:
            return webhook.parse(base64.b64decode(vector["bodyBase64"]))
    raise AssertionError(f"No vector has a question {trigger}.")


def verdict_of(question: Any, wanted: dict[str, Any]) -> Any:
    """The verdict, made by the question's own methods."""
    given = {**wanted.get("overrides", {}), **wanted.get("others", {})}
    if wanted["decision"] == "allow":
        return question.allow(**given)
    named = {name: wanted[name] for name in ("code", "reason") if name in wanted}
    return question.deny(**named, **given)


class Codes(unittest.TestCase):
    @unittest.skipIf(VECTORS is None, "the vectors stand in the repository, not in the package")
    def test_the_table_of_the_vectors_has_every_code_with_its_status(self) -> None:
        assert VECTORS is not None
        text = (VECTORS / "README.md").read_text("utf-8")
        for code, status in ERROR_STATUSES.items():
            if f"| `{code}`" in text:
                self.assertRegex(text, rf"\| `{code}` +\| {status} ")


if __name__ == "__main__":
    unittest.main()
