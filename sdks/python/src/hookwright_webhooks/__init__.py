"""Receive webhooks as typed events. Each contract is a package of its own, `hookwright_webhooks.stech` for instance."""

from ._core.answer import Answer, answer, answer_async
from ._core.batch import Batch
from ._core.body import RawBody
from ._core.dedupe import DedupeStore, MemoryDedupeStore, once
from ._core.errors import ERROR_STATUSES, WebhookError, WebhookErrorCode
from ._core.headers import HeaderSource
from ._core.model import UNSET, Event, Model, Unset

__all__ = [
    "ERROR_STATUSES",
    "UNSET",
    "Answer",
    "Batch",
    "DedupeStore",
    "Event",
    "HeaderSource",
    "MemoryDedupeStore",
    "Model",
    "RawBody",
    "Unset",
    "WebhookError",
    "WebhookErrorCode",
    "answer",
    "answer_async",
    "once",
]
