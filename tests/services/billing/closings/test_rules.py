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
    ("balances", "drafts", "code", "says"),
    [
        ([], 0, None, ""),
        ([Owed("EUR")], 0, None, ""),
        ([Owed("EUR", open=5000)], 0, "balance_open", "50.00 EUR is still owed"),
        ([Owed("EUR", open=100), Owed("JPY", open=7)], 0, "balance_open", "1.00 EUR and 7 JPY"),
        ([Owed("EUR", unapplied=990)], 0, "money_unapplied", "9.90 EUR is not allocated"),
        # Open and unapplied may cancel out, and still both wait for somebody.
        ([Owed("EUR", open=500, unapplied=500)], 0, "balance_open", "5.00 EUR"),
        ([], 2, "drafts_waiting", "2 drafted invoices"),
        ([Owed("EUR", unapplied=1)], 2, "money_unapplied", "0.01 EUR"),
    ],
)
def test_what_is_in_the_way_of_a_closing(
    balances: list[Owed], drafts: int, code: str | None, says: str
) -> None:
    objection = find_objection(balances, drafts=drafts)
    assert (objection and objection.code) == code
    assert says in (objection.reason if objection else "")
