"""What the words of the complaints file mean here: issues as kinds and causes, responses as ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

# What is done with a case, in order, and where it stands after each.
PATH: Mapping[str, str] = {
    "acknowledge": "acknowledged",
    "diagnose": "diagnosed",
    "propose": "proposed",
    "accept": "accepted",
    "execute": "executed",
    "confirm": "confirmed",
    "close": "closed",
}
RECEIVED, REOPEN = "received", "reopen"
_ACTIONS = tuple(PATH)

# How far a case has come, by "Company response to consumer".
RESPONSES: Mapping[str, Sequence[str]] = {
    "Untimely response": (),
    "In progress": _ACTIONS[:1],
    "Closed": _ACTIONS,
    "Closed with explanation": _ACTIONS,
    "Closed with monetary relief": _ACTIONS,
    "Closed with non-monetary relief": _ACTIONS,
    "Closed with relief": _ACTIONS,
    "Closed without relief": _ACTIONS,
}
TIMELY = {"Yes": True, "No": False}


class Cause(NamedTuple):
    """What a complaint comes from, and who brings such things about."""

    name: str
    party: str


class Kind(StrEnum):
    """What a client brings up."""

    COMPLAINT = "complaint"
    REQUEST = "request"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an issue is here."""

    kind: Kind
    cause: Cause


NONE_FOUND = Cause("None found", "nobody")
WRONG_RECORDS = Cause("Wrong records", "us")
IMPROPER_USE = Cause("Records used improperly", "us")
POOR_INVESTIGATION = Cause("Investigation did not help", "us")
NOT_OWED = Cause("Collected what is not owed", "us")
CHARGES = Cause("Fees or interest", "us")
SELLING = Cause("Promised otherwise", "us")
PAYMENTS = Cause("Payment went wrong", "us")
CONDUCT = Cause("How we spoke to the client", "us")
FRAUD = Cause("Fraud by others", "nobody")
CANNOT_PAY = Cause("Client cannot pay", "client")

_COMPLAINTS: Mapping[Cause, Sequence[str]] = {
    WRONG_RECORDS: ("Incorrect information on your report",),
    IMPROPER_USE: ("Improper use of your report",),
    POOR_INVESTIGATION: (
        "Problem with a company's investigation into an existing issue",
        "Problem with a company's investigation into an existing problem",
        "Problem with a credit reporting company's investigation into an existing problem",
    ),
    NOT_OWED: ("Attempts to collect debt not owed",),
    CHARGES: (
        "APR or interest rate",
        "Billing statement",
        "Charged fees or interest you didn't expect",
        "Fees or interest",
        "Problem with a lender or other company charging your account",
        "Unexpected or other fees",
    ),
    SELLING: (
        "Advertising and marketing, including promotional offers",
        "Confusing or missing disclosures",
        "Didn't provide services promised",
        "False statements or representation",
    ),
    CONDUCT: (
        "Communication tactics",
        "Took or threatened to take negative or legal action",
        "Written notification about debt",
    ),
    FRAUD: (
        "Fraud or scam",
        "Identity theft / Fraud / Embezzlement",
        "Problem with fraud alerts or security freezes",
        "Unauthorized transactions or other transaction problem",
    ),
    CANNOT_PAY: (
        "Problems when you are unable to pay",
        "Struggling to pay mortgage",
        "Struggling to pay your bill",
        "Struggling to pay your loan",
        "Struggling to repay your loan",
    ),
}
_TECHNICAL: Mapping[Cause, Sequence[str]] = {
    PAYMENTS: (
        "Other transaction problem",
        "Problem when making payments",
        "Transaction issue",
        "Trouble during payment process",
    ),
    NONE_FOUND: (
        "Managing, opening, or closing your mobile wallet account",
        "Trouble using the card",
        "Trouble using your card",
    ),
}
_REQUESTS: Mapping[Cause, Sequence[str]] = {
    NONE_FOUND: (
        "Applying for a mortgage or refinancing an existing mortgage",
        "Closing an account",
        "Closing on a mortgage",
        "Closing your account",
        "Getting a credit card",
        "Getting a loan or lease",
        "Getting the loan",
        "Opening an account",
        "Unable to get your credit report or credit score",
    ),
}
ISSUES: Mapping[str, Meaning] = {
    issue: Meaning(kind, cause)
    for kind, causes in (
        (Kind.COMPLAINT, _COMPLAINTS),
        (Kind.TECHNICAL, _TECHNICAL),
        (Kind.REQUEST, _REQUESTS),
    )
    for cause, issues in causes.items()
    for issue in issues
}
OTHER = Meaning(Kind.COMPLAINT, NONE_FOUND)
"""What any other issue is."""
