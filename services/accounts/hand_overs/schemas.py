"""What comes in and goes out about hand-overs."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Id, Instant, ListOf, PageQuery, Schema, Text, Whole
from services.accounts.hand_over_steps.rules import AccountStatus, Action
from services.accounts.hand_overs.rules import ACCOUNTS_MAX, Status

FROM = {
    "description": "Whose accounts they are. They answer for each until it is accepted or returned."
}
TO = {"description": "To whom they go: somebody who works here."}
SOME = {"description": f"At most {ACCOUNTS_MAX} accounts; all of them, as a run, if left out."}


class HandOver(Schema):
    """A book, or some of its accounts, that goes from one owner to another."""

    hand_over_id = Id("hov", required=True)
    version = Whole(required=True)
    from_id = Id("stf", required=True, metadata=FROM)
    to_id = Id("stf", required=True, metadata=TO)
    reason = fields.String(required=True, metadata={"description": "Why."})
    by_on = Day(required=True, metadata={"description": "Until when it is to be done."})
    status = fields.Enum(Status, by_value=True, required=True)
    step = fields.Enum(
        Action,
        by_value=True,
        required=True,
        allow_none=True,
        metadata={"description": "What goes through the accounts just now; null: nothing."},
    )
    drafted_by = fields.String(required=True, metadata={"description": "Who drafted it."})
    drafted_at = Instant(required=True, metadata={"description": "When."})
    accounts = fields.Dict(
        keys=fields.String(),
        values=Whole(),
        required=True,
        metadata={"description": "How many accounts there are, by their status in it."},
    )


class DraftHandOver(Schema):
    """Which accounts go from whom to whom."""

    from_id = Id("stf", required=True, metadata=FROM)
    to_id = Id("stf", required=True, metadata=TO)
    accounts = ListOf(
        Id("acc"),
        least=1,
        most=ACCOUNTS_MAX,
        load_default=None,
        allow_none=True,
        metadata={"description": f"At most {ACCOUNTS_MAX} accounts of theirs; all if left out."},
    )
    reason = Text(longest=500, required=True, metadata={"description": "Why."})
    by_on = Day(required=True, metadata={"description": "Until when it is to be done."})

    example: ClassVar = {
        "from_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
        "to_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
        "reason": "Leaves at the end of the month.",
        "by_on": "2030-03-31",
    }


class HandOverId(Schema):
    """One hand-over."""

    hand_over_id = Id("hov", required=True)


class HandOversQuery(PageQuery):
    """Whose hand-overs to list."""

    staff_id = Id(
        "stf", required=True, metadata={"description": "Who hands over, or is handed over to."}
    )
    status = fields.Enum(
        Status, by_value=True, load_default=None, metadata={"description": "Only with this status."}
    )


class AcceptAccounts(Schema):
    """Which accounts the successor accepts."""

    hand_over_id = Id("hov", required=True)
    accounts = ListOf(
        Id("acc"), least=1, most=ACCOUNTS_MAX, load_default=None, allow_none=True, metadata=SOME
    )


class ReturnAccounts(AcceptAccounts):
    """Which accounts the successor returns, and what is missing."""

    missing = Text(longest=500, required=True, metadata={"description": "What is missing."})


class HandOverAccount(Schema):
    """An account in a hand-over."""

    account_id = Id("acc", required=True)
    status = fields.Enum(AccountStatus, by_value=True, required=True)
    sha256 = fields.String(
        required=True, allow_none=True, metadata={"description": "The hash of its pack, in hex."}
    )
    packed_at = Instant(
        required=True, allow_none=True, metadata={"description": "When its pack was frozen."}
    )
    owner_id = Id(
        "stf",
        required=True,
        allow_none=True,
        metadata={"description": "Who owns it since it was accepted or returned."},
    )
    missing = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it was returned."}
    )
    parked_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it could not go on."}
    )
    moved_by = fields.String(required=True, metadata={"description": "Who brought it here."})
    moved_at = Instant(required=True, metadata={"description": "When."})


class HandOverAccountsQuery(PageQuery):
    """Which of its accounts to list."""

    hand_over_id = Id("hov", required=True)
    status = fields.Enum(
        AccountStatus,
        by_value=True,
        load_default=None,
        metadata={"description": "Only with this status."},
    )


class PackId(Schema):
    """One account of a hand-over."""

    hand_over_id = Id("hov", required=True)
    account_id = Id("acc", required=True)


class Pack(Schema):
    """What a successor needs to know of an account, as it was when it was packed."""

    hand_over_id = Id("hov", required=True)
    account_id = Id("acc", required=True)
    packed_at = Instant(required=True, metadata={"description": "When it was frozen."})
    sha256 = fields.String(
        required=True,
        metadata={
            "description": "Of `pack` as JSON in UTF-8, its fields in this order, without spaces; in hex."
        },
    )
    pack = fields.Dict(required=True, metadata={"description": "Its sections."})
