"""What is announced of accounts in hand-overs."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Id
from services.accounts.shapes import told

OF_ACCOUNT = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "hand_over_id": "hov_01jd3v4q6ye8z9t5k2m7n0p1xh",
    "from_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xa",
    "to_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
    "owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xb",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}


class HandOverOfAccount(AccountEvent):
    """What became of an account in a hand-over."""

    hand_over_id = Id("hov", required=True)
    from_id = Id("stf", **told("Who answered for it until now."))
    to_id = Id("stf", **told("To whom it was offered."))
    owner_id = Id("stf", **told("Who owns it from now on."))
    sha256 = fields.String(**told("The hash of its pack, in hex."))


class HandOverAccepted(HandOverOfAccount):
    """The successor accepted an account; they own it from now on."""

    says = "Handed over: the successor accepted the account."
    example = OF_ACCOUNT


class HandOverReturned(HandOverOfAccount):
    """The successor returned an account: it goes to whom the predecessor reports to, or stays."""

    missing = fields.String(**told("What was missing."))

    says = "Returned by the successor: {missing}"
    example = OF_ACCOUNT | {
        "owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xc",
        "missing": "No contact is named who pays.",
    }
