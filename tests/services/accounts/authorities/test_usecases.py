"""Authorities and goodwill are data: there from the first day, and set anew."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.refusals import NotFound, VersionMismatch

pytestmark = pytest.mark.server


def eur(authority: dict[str, Any]) -> int | None:
    amounts = {one["currency"]: one["amount"] for one in authority["amounts"]}
    return amounts.get("EUR")


@pytest.mark.parametrize(
    ("role", "limit", "is_unlimited", "is_free_of_budget"),
    [
        ("assistant", 0, False, False),
        ("account_manager", 5000, False, False),
        ("lead", 50000, False, True),
        ("director", 500000, False, True),
        ("vice_president", None, True, True),
    ],
)
def test_the_usual_authorities_are_there(
    office: Any, role: str, limit: int | None, is_unlimited: bool, is_free_of_budget: bool
) -> None:
    authority = office.do("get_remedy_authority", role=role)
    assert eur(authority) == limit
    assert authority["is_unlimited"] is is_unlimited
    assert authority["is_free_of_budget"] is is_free_of_budget


def test_an_authority_is_set_as_a_whole(office: Any) -> None:
    amounts = [{"amount": 700, "currency": "CHF"}]
    authority = office.do("set_remedy_authority", role="lead", amounts=amounts)
    assert authority["amounts"] == amounts
    assert not authority["is_free_of_budget"]
    assert office.do("get_remedy_authority", role="lead") == authority


def test_a_rule_for_goodwill_is_set_for_the_first_time_or_anew(office: Any) -> None:
    with pytest.raises(NotFound):
        office.do("get_goodwill_rule", currency="CHF")
    for percent, most in (("2.00", 500), ("0.50", 700)):
        rule = office.do("set_goodwill_rule", currency="CHF", percent=percent, most=most)
        assert (rule["percent"], rule["most"]) == (percent, most)
    assert office.do("get_goodwill_rule", currency="CHF") == rule


def test_who_changes_what_another_has_changed_is_told(office: Any) -> None:
    office.session.info["if_match"] = {"EUR": 7}
    with pytest.raises(VersionMismatch):
        office.do("set_goodwill_rule", currency="EUR", percent="2", most=1)
