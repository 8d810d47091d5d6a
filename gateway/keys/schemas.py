"""What the gateway's own commands take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validates_schema

from gateway.problems import Problem
from kernel import grammar
from kernel.ids import FORM

fields.Field.default_error_messages |= {"required": grammar.MISSING, "null": grammar.NULL}
marshmallow.Schema.error_messages = {"unknown": grammar.UNKNOWN, "type": grammar.NO_OBJECT}

SCOPES_MAX = 50
ACCOUNTS_MAX = 50
# The signed token carries both, and a service reads one of at most 4096 characters.
HELD_CHARACTERS_MAX = 2600
PAGE_MAX = 500
EXPIRY_DAYS_MAX = 50 * 365
OVERLAP_SECONDS_MAX = 30 * 24 * 3600
NAME_CHARACTERS_MAX = 200
ACCOUNT_ID = f"acc_{FORM}"
STAFF_ID = f"stf_{FORM}"
SCOPE = r"\*|[a-z][a-z_]{0,39}(:[a-z_]{1,40})?"


class Read(fields.Field):
    """A field that is read by a function of the kernel's grammar."""

    def __init__(self, read: Callable[[Any], Any], **options: Any) -> None:
        super().__init__(**options)
        self.read = read

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> Any:
        try:
            return self.read(value)
        except grammar.Unreadable as error:
            raise ValidationError(str(error)) from error


def of_form(pattern: str, remedy: str, **options: Any) -> Read:
    """A text of one form; the remedy is what is answered to another."""
    return Read(partial(grammar.read_code, pattern=pattern, remedy=remedy), **options)


def scopes_of_a_caller() -> Read:
    """What somebody may do, in scopes."""
    remedy = "Must be a scope such as billing:read, or * for all of them."
    return list_of(of_form(SCOPE, remedy), SCOPES_MAX, required=True)


def staff_member(**options: Any) -> Read:
    """The member of staff that somebody is or acts for."""
    return of_form(STAFF_ID, "Must be an id that begins with stf_, or null.", **options)


def _whole(least: int, most: int, **options: Any) -> Read:
    return Read(partial(grammar.read_whole, least=least, most=most), **options)


def _limit(value: Any) -> int:
    return grammar.read_whole(grammar.whole_from_text(value), 1, PAGE_MAX)


def list_of(inner: fields.Field, most: int, **options: Any) -> Read:
    """1 to `most` of what is read alike."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise grammar.Unreadable(f"Must be a list of 1 to {most}.")
        loaded: list[Any] = fields.List(inner).deserialize(value)
        return loaded

    return Read(read, **options)


def _in_time(moment: datetime) -> None:
    now = datetime.now(UTC)
    if not now < moment <= now + timedelta(days=EXPIRY_DAYS_MAX):
        raise ValidationError("Must be in the future, and at most 50 years ahead.")


class CreateKey(marshmallow.Schema):
    """A new API key."""

    name = Read(partial(grammar.read_one_line, longest=NAME_CHARACTERS_MAX), required=True)
    scopes = scopes_of_a_caller()
    accounts = list_of(
        of_form(ACCOUNT_ID, "Must be an id that begins with acc_."), ACCOUNTS_MAX, load_default=None
    )
    expires_at = Read(grammar.read_instant, load_default=None, validate=_in_time)
    requests_per_second = _whole(1, 100_000, load_default=None)
    calls_at_once = _whole(1, 1000, load_default=None)
    staff_id = staff_member(load_default=None)

    @validates_schema
    def _check_size(self, data: dict[str, Any], **_: Any) -> None:
        held = [*data["scopes"], *(data["accounts"] or [])]
        if sum(len(one) + 3 for one in held) > HELD_CHARACTERS_MAX:
            raise ValidationError("Fewer scopes or accounts: they are too long together.", "scopes")


class RotateKey(marshmallow.Schema):
    """A new secret for a key, and how long the old one may still be used."""

    overlap_seconds = _whole(0, OVERLAP_SECONDS_MAX, load_default=0)


class NoInput(marshmallow.Schema):
    """A command that takes nothing."""


class PageQuery(marshmallow.Schema):
    """Which page of a list."""

    limit = Read(_limit, load_default=50)
    after = fields.String(load_default=None)


class MoveClock(marshmallow.Schema):
    """The moment to move the manual clock to."""

    now = Read(grammar.read_instant, required=True)


def load(
    schema: marshmallow.Schema, values: dict[str, Any], where: str = "pointer"
) -> dict[str, Any]:
    """The values as the schema loads them; Problem 422 with every wrong field otherwise. `where` is
    pointer for a body and parameter for a query."""
    try:
        loaded: dict[str, Any] = schema.load(values)
    except ValidationError as error:
        errors = [
            {where: f"/{path}" if where == "pointer" else path, "detail": detail}
            for path, detail in _flatten(error.messages)
        ]
        detail = "; ".join(f"{one[where].strip('/')}: {one['detail']}" for one in errors)
        raise Problem(422, "invalid_fields", detail, errors=errors) from error
    return loaded


def _flatten(messages: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(messages, dict):
        return [
            found
            for key, value in messages.items()
            for found in _flatten(value, f"{path}/{key}" if path else str(key))
        ]
    return [(path, str(message)) for message in messages]
