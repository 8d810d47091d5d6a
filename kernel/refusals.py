"""Refusals: the ways in which a request is turned down, each with a sentence that says what to do.

A refusal is an answer, not a fault: the transaction is rolled back, nothing is lost, and the caller
gets `code` (stable, for programs), `detail` (for people) and, where one field is to blame, its name.
"""

from __future__ import annotations

from typing import Any

REASON_MAX = 300  # characters


class Refusal(Exception):
    """A request turned down. `status` is the HTTP status it is answered with (RFC 9110); facts are
    further members of the problem document."""

    status = 400

    def __init__(self, code: str, detail: str, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(detail)
        reserved = facts.keys() & {"type", "title", "status", "errors", "instance", "request_id"}
        assert not reserved, (
            f"a problem document has a {reserved} of its own; name the fact otherwise"
        )
        self.code = code
        self.detail = detail
        self.errors: list[dict[str, str]] = []
        self.facts = facts
        if field is not None:
            self.errors.append({"field": field, "detail": detail})


class Invalid(Refusal):
    """What was sent cannot be understood or breaks a rule of its field."""

    status = 422

    @classmethod
    def fields(cls, errors: list[dict[str, str]]) -> Invalid:
        """Several fields at once, each `{"field": "lines/0/quantity", "detail": sentence}`."""
        refusal = cls("invalid_fields", "; ".join(f"{e['field']}: {e['detail']}" for e in errors))
        refusal.errors = errors
        return refusal


class Unauthenticated(Refusal):
    """Nobody known asks."""

    status = 401


class Forbidden(Refusal):
    """The caller is known and may not do this."""

    status = 403


class NotFound(Refusal):
    """There is no such thing, or the caller may not see it."""

    status = 404


class NotKnownYet(NotFound):
    """Not found in a local copy that events keep: it may be on its way, so the chassis looks again
    for about a second before it answers."""


class Conflict(Refusal):
    """Understood, but the state of things does not allow it now."""

    status = 409


class VersionMismatch(Refusal):
    """The caller changed a version that is no longer the current one (If-Match)."""

    status = 412


class TooLate(Refusal):
    """The caller's deadline had passed before the work began; nothing was done."""

    status = 503


class Unavailable(Refusal):
    """Something this needs is away; nothing was done; try again."""

    status = 503


def why(error: Exception) -> str:
    """Why something did not work, in words, without a full stop: what a refusal or the database says,
    else the kind of error and its text."""
    cause = getattr(error, "orig", None) or error
    text = str(cause).strip().partition("\n")[0].rstrip(".")
    kind = "" if isinstance(error, Refusal) else f"{type(cause).__name__}: "
    return f"{kind}{text}".removesuffix(": ")[:REASON_MAX]
