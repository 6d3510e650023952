"""The question for a challenge is answered once it is verified, and is no event."""

from __future__ import annotations

import json
import unittest
from typing import Any

from hookwright_webhooks import answer
from hookwright_webhooks._core.webhook import Challenge

from .contracts.shop import Webhook
from .orders import NOW, SECRET, placed_with


class Asked(Webhook):
    """The shop, if it asked."""

    CONTRACT = Webhook.CONTRACT._replace(
        challenge=Challenge(constants={"type": "url_verification"}, member="challenge", answer="challenge"),
    )


webhook = Asked(SECRET, now=lambda: NOW)


class ChallengeTest(unittest.TestCase):
    """Through `answer`, as every adapter does."""

    def answered(self, body: bytes, sent: bytes | None = None) -> tuple[int, bytes, list[Any]]:
        """Status and body of the answer, and what was handled."""
        handled: list[Any] = []
        given = answer(
            webhook, handled.append, body=sent or body, headers=webhook.sign(body), on_error=lambda _error: None
        )
        return given.status, given.body, handled

    def test_the_text_is_given_back(self) -> None:
        status, body, handled = self.answered(b'{"challenge":"a text","type":"url_verification"}')
        self.assertEqual((status, json.loads(body), handled), (200, {"challenge": "a text"}, []))

    def test_a_question_that_was_changed_is_refused(self) -> None:
        question = b'{"challenge":"a text","type":"url_verification"}'
        self.assertEqual(self.answered(question, question.replace(b"a text", b"another"))[0], 400)

    def test_an_event_is_handled(self) -> None:
        status, body, handled = self.answered(placed_with())
        self.assertEqual((status, body, len(handled)), (200, b"ok", 1))

    def test_a_question_without_its_text_is_an_event(self) -> None:
        self.assertEqual(self.answered(b'{"challenge":7,"type":"url_verification"}')[0], 422)


if __name__ == "__main__":
    unittest.main()
