"""Problems: every error as an RFC 9457 document (application/problem+json).

`type` is about:blank throughout, so `title` is the status' name; what programs branch on is `code`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson

Headers = tuple[tuple[bytes, bytes], ...]
RETRY_SECONDS = 2
RESERVED = frozenset({"type", "title", "status", "detail", "code", "errors", "request_id"})
_TITLES = {status.value: status.phrase for status in HTTPStatus}


class Problem(Exception):
    """A request that is answered with an error; `detail` is a sentence that says what to do."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: Headers = (),
        errors: Sequence[Mapping[str, str]] = (),
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
        self.errors = errors
        self.facts = facts or {}

    @classmethod
    def unavailable(cls, detail: str, code: str = "service_unavailable") -> Problem:
        """503: something this needs is away; come again in `RETRY_SECONDS`."""
        return cls(503, code, detail, headers=retry_after(RETRY_SECONDS))

    @classmethod
    def of_field(cls, status: int, code: str, detail: str, **where: str) -> Problem:
        """One field is to blame: `pointer` into the body, or `parameter`, or `header`."""
        return cls(status, code, detail, errors=[{**where, "detail": detail}])

    def render(self, request_id: str) -> bytes:
        """The document."""
        document: dict[str, Any] = {
            "type": "about:blank",
            "title": _TITLES.get(self.status, "Error"),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "request_id": request_id,
        }
        if self.errors:
            document["errors"] = self.errors
        document.update({key: fact for key, fact in self.facts.items() if key not in RESERVED})
        return orjson.dumps(document)


def retry_after(seconds: int) -> Headers:
    """The header that says when to come again."""
    return ((b"retry-after", b"%d" % seconds),)
