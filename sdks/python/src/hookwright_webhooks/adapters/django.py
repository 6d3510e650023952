"""Django: `path("hooks", view(webhook, handle))`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._core.answer import Answer, OnError, answer, refused
from .._core.body import body_already_parsed
from .._core.webhook import EventT, Receiver


def view(
    webhook: Receiver[EventT], handle: Callable[[EventT], Any], *, on_error: OnError = None
) -> Callable[[Any], Any]:
    """A view for POST requests. `handle` gets what was verified; of a question it returns the verdict.

    The view is exempt from CSRF protection: the sender has no cookie, and the signature says who it is. Answers 405 to
    other methods, 200 once `handle` is done, the error's status when the request is refused, and 500 when `handle`
    raises.
    """

    def hookwright_view(request: Any) -> Any:
        from django.http import HttpResponseNotAllowed, RawPostDataException

        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            body = request.body
        except RawPostDataException:
            error = body_already_parsed("a request whose body was read before, by request.POST for instance")
            return _response(refused(error, on_error))
        return _response(answer(webhook, handle, body=body, headers=request.headers, on_error=on_error))

    # What django.views.decorators.csrf.csrf_exempt sets.
    hookwright_view.csrf_exempt = True  # type: ignore[attr-defined]
    return hookwright_view


def _response(answered: Answer) -> Any:
    from django.http import HttpResponse

    return HttpResponse(answered.body, status=answered.status, headers=answered.headers)
