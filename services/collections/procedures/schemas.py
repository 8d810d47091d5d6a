"""What comes in and goes out about procedures."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Id, Instant, PageQuery, Schema, Text
from services.collections.languages.rules import LONGEST_TAG, WHAT_A_TAG_IS
from services.collections.procedures.rules import PLACEHOLDERS, Channel

_TEXTS = "Known placeholders: " + ", ".join(f"{{{word}}}" for word in sorted(PLACEHOLDERS)) + "."


def _label(description: str, **more: str) -> Text:
    return Text(longest=60, required=True, metadata={"description": description, **more})


class LetterLabels(Schema):
    """The words around a letter's text in one language."""

    invoice = _label("Column: the invoice's number.")
    due = _label("Column: when it was due.")
    days_overdue = _label("Column: for how long it has been.")
    invoiced = _label("Column: what was asked for at first.")
    to_pay = _label("Column: what is left of it.")
    total = _label("Before the sum.")
    account = _label("Above the account's number.")
    reference = _label("Above the notice's id.")
    page = _label("In the foot, with {page} and {pages}.", example="Page {page} of {pages}")
    attention = _label("Before the payer's name, with {person}.", example="Attn. {person}")
    sender = _label("Who signs, where the company has given no name.")


class LetterText(Schema):
    """What a level's letter says in one language; the table of items stands between the two texts."""

    subject = Text(longest=150, required=True, metadata={"description": _TEXTS})
    opening = Text(required=True, metadata={"description": f"Above the items. {_TEXTS}"})
    closing = Text(required=True, metadata={"description": f"Below the items. {_TEXTS}"})
    labels = fields.Nested(
        LetterLabels,
        metadata={
            "description": "The words around the text; needed for a language that we bring none for."
        },
    )


class NewLevel(Schema):
    """One step of a procedure."""

    name = Text(longest=60, required=True, metadata={"description": "What people call it."})
    delay_days = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=-60, max=3650),
        metadata={"description": "Days after the due date; negative is a courtesy before it."},
    )
    channel = fields.String(
        load_default=Channel.PREFERRED,
        validate=validate.OneOf(list(Channel)),
        metadata={
            "description": "email and post as they say; preferred is what the account prefers. "
            "Without a usable e-mail address the letter goes by post."
        },
    )
    holds_orders = fields.Boolean(
        load_default=False,
        metadata={"description": "Once sent, new orders are stopped until it is paid."},
    )
    letters = fields.Dict(
        keys=fields.String(validate=validate.Length(min=2, max=LONGEST_TAG)),
        values=fields.Nested(LetterText),
        required=True,
        validate=validate.Length(min=1, max=30),
        metadata={
            "description": f"The letter by language: {WHAT_A_TAG_IS}. `en` is the fallback. A letter "
            "for de also goes to who reads de-AT (RFC 4647, look-up)."
        },
    )


class Level(NewLevel):
    """One step of a procedure, with its number."""

    number = fields.Integer(
        metadata={"description": "0 is the courtesy before the due date; then 1, 2, 3."}
    )


class NewProcedure(Schema):
    """What a procedure says."""

    name = Text(longest=100, required=True, metadata={"description": "What people call it."})
    levels = fields.List(
        fields.Nested(NewLevel),
        required=True,
        validate=validate.Length(max=10),
        metadata={"description": "In order. None at all: nothing is sent."},
    )
    hand_over_days = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=1, max=3650),
        metadata={
            "description": "Days overdue after which a placement is proposed; null is never."
        },
    )
    is_automatic = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Whether the daily run sends by itself, or waits for somebody's approval."
        },
    )


class ChangeProcedure(NewProcedure):
    """What a procedure is to say from now on, in full."""

    procedure_id = Id("dpr", required=True)


class Procedure(Schema):
    """A dunning procedure as one of its versions says."""

    procedure_id = Id("dpr", metadata={"description": "The procedure."})
    version = fields.Integer(metadata={"description": "Grows with every change of any kind."})
    number = fields.Integer(metadata={"description": "Which version of what it says."})
    name = fields.String(metadata={"description": "What people call it."})
    is_default = fields.Boolean(
        metadata={"description": "Accounts without a procedure of their own have this one."}
    )
    is_automatic = fields.Boolean(
        metadata={"description": "Whether the daily run sends by itself."}
    )
    hand_over_days = fields.Integer(
        allow_none=True,
        metadata={"description": "Days overdue after which a placement is proposed."},
    )
    levels = fields.List(fields.Nested(Level), metadata={"description": "Its steps, in order."})
    made_at = Instant(metadata={"description": "When this version was made."})
    made_by = fields.String(metadata={"description": "Who made this version."})


class ProcedureId(Schema):
    """Names a procedure."""

    procedure_id = Id("dpr", required=True)


class ProcedureNumber(ProcedureId):
    """Names a version of a procedure."""

    number = fields.Integer(required=True, validate=validate.Range(min=1, max=10**6))


class AccountId(Schema):
    """Names an account."""

    account_id = Id("acc", required=True)


class AssignProcedure(AccountId):
    """Which procedure an account is to have."""

    procedure_id = Id(
        "dpr",
        required=True,
        allow_none=True,
        metadata={"description": "null: the company's default again."},
    )


class AccountProcedure(Procedure):
    """The procedure an account is dunned by."""

    account_id = Id("acc", metadata={"description": "The account."})


class ProcedureQuery(PageQuery):
    """A page of procedures."""
