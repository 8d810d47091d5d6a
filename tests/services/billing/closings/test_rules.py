"""Nothing is closed on which money is open, unapplied or still to be asked for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from services.billing.closings.rules import find_objection


@dataclass(frozen=True)
class Owed:
    currency: str
    open: int = 0
    unapplied: int = 0


@pytest.mark.parametrize(
    ("balances", "waiting", "code", "says"),
    [
        ([], {}, None, ""),
        ([Owed("EUR")], {}, None, ""),
        ([Owed("EUR", open=5000)], {}, "balance_open", "50.00 EUR is still owed"),
        (
            [Owed("EUR", open=100), Owed("JPY", open=7)],
            {},
            "balance_open",
            "1.00 EUR and 7 JPY are",
        ),
        ([Owed("EUR", unapplied=990)], {}, "money_unapplied", "9.90 EUR is not allocated"),
        # Open and unapplied may cancel out, and still both wait for somebody.
        ([Owed("EUR", open=500, unapplied=500)], {}, "balance_open", "5.00 EUR"),
        ([], {"drafts": 2}, "drafts_waiting", "2 drafted invoices wait to be"),
        ([], {"drafts": 1}, "drafts_waiting", "1 drafted invoice waits"),
        ([Owed("EUR", unapplied=1)], {"drafts": 2}, "money_unapplied", "0.01 EUR"),
        ([], {"charges": 2, "pending": 1}, "charges_running", "2 charges go on"),
        ([], {"charges": 1}, "charges_running", "1 charge goes on"),
        ([], {"pending": 2}, "not_billed", "2 lines wait"),
        (
            [],
            {"pending": 1},
            "not_billed",
            "1 line waits to be billed; it can be closed once it is",
        ),
    ],
)
def test_what_is_in_the_way_of_a_closing(
    balances: list[Owed], waiting: dict[str, int], code: str | None, says: str
) -> None:
    objection = find_objection(balances, **{"drafts": 0, "charges": 0, "pending": 0} | waiting)
    assert (objection and objection.code) == code
    assert says in (objection.reason if objection else "")
