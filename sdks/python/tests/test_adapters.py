"""Each adapter takes the bytes as they came, and answers what was found."""

from __future__ import annotations

import asyncio
import base64
import json
import unittest
from collections.abc import Callable
from typing import Any

from hookwright_webhooks import answer
from hookwright_webhooks.adapters import aws_lambda, django, fastapi, flask, starlette

from .contracts import gate
from .contracts.gate.fixtures import FIXTURES as QUESTIONS
from .orders import placed_with, webhook
from .stand_ins import (
    DjangoRequest,
    HTTPException,
    NotAllowed,
    RawPostDataException,
    Request,
    Response,
    StarletteRequest,
    modules,
)

BODY = placed_with(comment="Grüße, 🦊")
HEADERS = webhook.sign(BODY)
Sent = Callable[[Any, Any, bytes, "dict[str, str]"], "tuple[int, bytes]"]


def quiet(error: Exception) -> None:
    """Keeps refusals out of the suite's output."""


def through_core(receiver: Any, handle: Any, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    status, _, content = answer(receiver, handle, body=body, headers=headers, on_error=quiet)
    return status, content


def through_flask(receiver: Any, handle: Any, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    with modules(flask={"request": Request(body, headers)}):
        content, status, _ = flask.view(receiver, handle, on_error=quiet)()
    return status, content


def through_django(receiver: Any, handle: Any, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    return django_answer(receiver, handle, DjangoRequest(body, headers))


def django_answer(receiver: Any, handle: Any, request: DjangoRequest) -> tuple[int, bytes]:
    http = {
        "HttpResponse": Response,
        "HttpResponseNotAllowed": NotAllowed,
        "RawPostDataException": RawPostDataException,
    }
    with modules(django={}, django__http=http):
        response = django.view(receiver, handle, on_error=quiet)(request)
    return response.status, response.content


def through_starlette(receiver: Any, handle: Any, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    async def handle_async(event: Any) -> Any:
        await asyncio.sleep(0)
        return handle(event)

    with modules(starlette={}, starlette__responses={"Response": Response}):
        endpoint = starlette.endpoint(receiver, handle_async, on_error=quiet)
        response = asyncio.run(_awaited(endpoint(StarletteRequest(body, headers))))
    return response.status, response.content


async def _awaited(awaitable: Any) -> Any:
    return await awaitable


def through_lambda(receiver: Any, handle: Any, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    event = {"body": body.decode(), "isBase64Encoded": False, "headers": headers}
    response = aws_lambda.handler(receiver, handle, on_error=quiet)(event, None)
    return response["statusCode"], response["body"].encode()


WAYS: list[Sent] = [through_core, through_flask, through_django, through_starlette, through_lambda]


class EachAdapter(unittest.TestCase):
    def test_hands_the_event_over_and_answers_200(self) -> None:
        for way in WAYS:
            with self.subTest(way.__name__):
                handled: list[Any] = []
                self.assertEqual(way(webhook, handled.append, BODY, HEADERS), (200, b"ok"))
                self.assertEqual([event.raw for event in handled], [BODY])

    def test_answers_a_refusal_with_its_status(self) -> None:
        for way in WAYS:
            with self.subTest(way.__name__):
                handled: list[Any] = []
                status, content = way(webhook, handled.append, BODY + b" ", HEADERS)
                self.assertEqual((status, content[:22], handled), (400, b"no_matching_signature:", []))

    def test_answers_500_when_the_handler_raises_and_says_nothing_of_it(self) -> None:
        def fail(event: Any) -> None:
            webhook.parse(b"[]")

        for way in WAYS:
            with self.subTest(way.__name__):
                self.assertEqual(way(webhook, fail, BODY, HEADERS), (500, b"The handler failed."))

    def test_answers_a_question_with_its_verdict(self) -> None:
        receiver = gate.Webhook("asec_key")
        body = json.dumps(QUESTIONS["before_pass"]["a guest"]).encode()
        for way in WAYS:
            with self.subTest(way.__name__):
                sent = way(receiver, lambda question: question.deny(code="no"), body, receiver.sign(body))
                self.assertEqual(sent, (200, b'{"decision":"deny","deny_code":"no"}'))


class Errors(unittest.TestCase):
    def test_go_to_on_error_or_to_the_log(self) -> None:
        told: list[Exception] = []
        answer(webhook, print, body=b"", headers={}, on_error=told.append)
        self.assertEqual([getattr(error, "code", None) for error in told], ["missing_header"])
        with self.assertLogs("hookwright_webhooks", "ERROR") as logged:
            answer(webhook, print, body=b"", headers={})
        self.assertIn("The header webhook-id is missing", logged.output[0])


class Django(unittest.TestCase):
    def test_is_exempt_from_csrf_and_takes_only_post(self) -> None:
        view = django.view(webhook, print)
        self.assertTrue(getattr(view, "csrf_exempt", False))
        self.assertEqual(django_answer(webhook, print, DjangoRequest(BODY, HEADERS, method="GET"))[0], 405)

    def test_a_body_that_was_read_before_is_told(self) -> None:
        request = DjangoRequest(BODY, HEADERS)
        request.is_read = True
        status, content = django_answer(webhook, print, request)
        self.assertEqual((status, content[:20]), (500, b"body_already_parsed:"))


class Flask(unittest.TestCase):
    def test_the_views_of_two_contracts_have_two_names(self) -> None:
        views = [flask.view(webhook, print), flask.view(gate.Webhook("asec_key"), print)]
        self.assertEqual([view.__name__ for view in views], ["hookwright_shop", "hookwright_gate"])


class FastApi(unittest.TestCase):
    def test_the_dependency_gives_the_event_or_raises(self) -> None:
        with modules(
            starlette={},
            starlette__requests={"Request": StarletteRequest},
            starlette__exceptions={"HTTPException": HTTPException},
        ):
            dependency = fastapi.verified(webhook)
            # By this FastAPI tells that the parameter is the request itself.
            self.assertIs(dependency.__annotations__["request"], StarletteRequest)
            event = asyncio.run(_awaited(dependency(StarletteRequest(BODY, HEADERS))))
            self.assertEqual(event.raw, BODY)
            with self.assertRaises(HTTPException) as refused:
                asyncio.run(_awaited(dependency(StarletteRequest(BODY, {}))))
        self.assertEqual(refused.exception.status_code, 400)
        self.assertIn("missing_header", refused.exception.detail)


class Lambda(unittest.TestCase):
    def send(self, event: dict[str, Any]) -> dict[str, Any]:
        return aws_lambda.handler(webhook, lambda received: None, on_error=quiet)(event, None)

    def test_a_body_in_base64(self) -> None:
        event = {"body": base64.b64encode(BODY).decode(), "isBase64Encoded": True, "headers": HEADERS}
        self.assertEqual(self.send(event)["statusCode"], 200)

    def test_lists_of_headers_tell_when_one_came_twice(self) -> None:
        lists = {name: [value] for name, value in HEADERS.items()}
        event = {"body": BODY.decode(), "isBase64Encoded": False, "multiValueHeaders": lists}
        response = self.send(event)
        self.assertEqual((response["statusCode"], "headers" in response), (200, False))
        self.assertEqual(response["multiValueHeaders"]["content-type"], ["text/plain; charset=utf-8"])
        lists["webhook-signature"] *= 2
        twice = self.send({**event, "headers": HEADERS})
        self.assertEqual((twice["statusCode"], twice["body"][:15]), (400, "invalid_header:"))

    def test_no_body_at_all(self) -> None:
        self.assertEqual(self.send({"body": None, "headers": HEADERS})["statusCode"], 400)


if __name__ == "__main__":
    unittest.main()
