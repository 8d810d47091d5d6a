"""What the gateway's own commands take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import marshmallow
from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.problems import Problem
from kernel.calendar import FIRST_INSTANT, LAST_INSTANT
from kernel.ids import is_id

SCOPES_MAX = 50
ACCOUNTS_MAX = 50
# The signed token carries both, and a service reads one of at most 4096 characters.
HELD_CHARACTERS_MAX = 2600
PAGE_MAX = 500
EXPIRY_DAYS_MAX = 50 * 365
OVERLAP_SECONDS_MAX = 30 * 24 * 3600


class _Id(fields.String):
    def __init__(self, prefix: str, **options: Any) -> None:
        super().__init__(**options)
        self.prefix = prefix

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **options)
        if not is_id(text, self.prefix):
            raise ValidationError(f"Must be an id that begins with {self.prefix}_.")
        return text


_OF_OUR_TIME = validate.Range(
    FIRST_INSTANT, LAST_INSTANT, error=f"Must be from {FIRST_INSTANT:%Y} to {LAST_INSTANT:%Y}."
)


def _in_time(moment: datetime) -> None:
    now = datetime.now(UTC)
    if not now < moment <= now + timedelta(days=EXPIRY_DAYS_MAX):
        raise ValidationError("Must be in the future, and at most 50 years ahead.")


def _is_scope() -> fields.String:
    return fields.String(validate=validate.Regexp(r"^(\*|[a-z][a-z_]{0,39}(:[a-z_]{1,40})?)\Z"))


class CreateKey(marshmallow.Schema):
    """A new API key."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    scopes = fields.List(_is_scope(), required=True, validate=validate.Length(1, SCOPES_MAX))
    accounts = fields.List(
        _Id("acc"), load_default=None, allow_none=True, validate=validate.Length(1, ACCOUNTS_MAX)
    )
    expires_at = fields.AwareDateTime(load_default=None, allow_none=True, validate=_in_time)
    requests_per_second = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 100_000)
    )

    @validates_schema
    def _check_size(self, data: dict[str, Any], **_: Any) -> None:
        held = [*data["scopes"], *(data["accounts"] or [])]
        if sum(len(one) + 3 for one in held) > HELD_CHARACTERS_MAX:
            raise ValidationError("Fewer scopes or accounts: they are too long together.", "scopes")


class RotateKey(marshmallow.Schema):
    """A new secret for a key, and how long the old one may still be used."""

    overlap_seconds = fields.Integer(
        load_default=0, strict=True, validate=validate.Range(0, OVERLAP_SECONDS_MAX)
    )


class NoInput(marshmallow.Schema):
    """A command that takes nothing."""


class PageQuery(marshmallow.Schema):
    """Which page of a list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, PAGE_MAX))
    after = _Id("key", load_default=None)


class MoveClock(marshmallow.Schema):
    """The moment to move the manual clock to."""

    now = fields.AwareDateTime(required=True, validate=_OF_OUR_TIME)


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
