"""What comes in and goes out about procedures."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import (
    Flag,
    Id,
    Instant,
    ListOf,
    OneLine,
    PageQuery,
    Schema,
    Text,
    Variety,
    Whole,
)
from kernel.grammar import A_LANGUAGE
from services.collections.procedures.rules import PLACEHOLDERS, Channel

_TEXTS = "Known placeholders: " + ", ".join(f"{{{word}}}" for word in sorted(PLACEHOLDERS)) + "."


def _label(description: str, **more: str) -> OneLine:
    return OneLine(longest=60, required=True, metadata={"description": description, **more})


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

    subject = OneLine(longest=150, required=True, metadata={"description": _TEXTS})
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

    name = OneLine(longest=60, required=True, metadata={"description": "What people call it."})
    delay_days = Whole(
        required=True,
        least=-60,
        most=3650,
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
    holds_orders = Flag(
        load_default=False,
        metadata={"description": "Once sent, new orders are stopped until it is paid."},
    )
    letters = fields.Dict(
        keys=Variety(),
        values=fields.Nested(LetterText),
        required=True,
        validate=validate.Length(min=1, max=30),
        metadata={
            "description": f"The letter by language: {A_LANGUAGE}. `en` is the fallback. A letter "
            "for de also goes to who reads de-AT (RFC 4647, look-up).",
            "example": {
                "en": {
                    "subject": "Reminder: {total} is overdue",
                    "opening": "Dear client,\n\nthese items are overdue:",
                    "closing": "Kind regards",
                }
            },
        },
    )


class Level(NewLevel):
    """One step of a procedure, with its number."""

    number = Whole(metadata={"description": "0 is the courtesy before the due date; then 1, 2, 3."})


class NewProcedure(Schema):
    """What a procedure says."""

    name = OneLine(longest=100, required=True, metadata={"description": "What people call it."})
    levels = ListOf(
        fields.Nested(NewLevel),
        most=10,
        required=True,
        metadata={"description": "In order. None at all: nothing is sent."},
    )
    hand_over_days = Whole(
        load_default=None,
        allow_none=True,
        least=1,
        most=3650,
        metadata={
            "description": "Days overdue after which a placement is proposed; null is never."
        },
    )
    is_automatic = Flag(
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
    version = Whole(metadata={"description": "Grows with every change of any kind."})
    number = Whole(metadata={"description": "Which version of what it says."})
    name = fields.String(metadata={"description": "What people call it."})
    is_default = Flag(
        metadata={"description": "Accounts without a procedure of their own have this one."}
    )
    is_automatic = Flag(metadata={"description": "Whether the daily run sends by itself."})
    hand_over_days = Whole(
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

    number = Whole(required=True, least=1, most=10**6)


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
