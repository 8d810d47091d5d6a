"""Who pays in the end, whose limit counts, and which edges there may be."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict
from services.accounts.accounts.rules import Status
from services.accounts.parents.rules import (
    FAMILY_MAX,
    Payer,
    find_credit_group,
    find_payer,
    require_childless,
    require_no_circle,
    require_one_currency,
    require_open,
    require_room,
    walk,
)


@dataclass(frozen=True)
class One:
    account_id: str
    parent_id: str | None = None
    is_paid_by_parent: bool = False
    is_credit_group: bool = False
    currency: str = "EUR"

    @property
    def number(self) -> str:
        return self.account_id.upper()


def family_of(*members: One) -> dict[str, One]:
    return {one.account_id: one for one in members}


@pytest.mark.parametrize(
    ("edges", "payer"),
    [
        ([("c", "b", False), ("b", "a", True)], "c"),
        ([("c", "b", True), ("b", "a", False)], "b"),
        ([("c", "b", True), ("b", "a", True)], "a"),
        ([("c", "b", False), ("b", "a", False)], "c"),
    ],
)
def test_who_pays_is_found_along_the_edges(edges: list[tuple[str, str, bool]], payer: str) -> None:
    family = family_of(One("a"), *(One(one, above, paid) for one, above, paid in edges))
    assert find_payer(family, "c") == payer


@pytest.mark.parametrize(
    ("top", "middle", "bottom", "group"),
    [
        (False, False, "EUR", None),
        (True, False, "EUR", "a"),
        (True, True, "EUR", "b"),
        (False, True, "EUR", "b"),
        (True, False, "USD", None),
    ],
)
def test_the_nearest_group_counts_and_only_in_its_currency(
    top: bool, middle: bool, bottom: str, group: str | None
) -> None:
    family = family_of(
        One("a", is_credit_group=top),
        One("b", "a", is_credit_group=middle),
        One("c", "b", currency=bottom),
    )
    assert find_credit_group(family, "c") == group
    assert find_credit_group(family, "a") == ("a" if top else None)


@st.composite
def families(draw: st.DrawFn) -> dict[str, One]:
    members: list[One] = []
    for place in range(draw(st.integers(1, 12))):
        above = draw(st.sampled_from([one.account_id for one in members])) if members else None
        flags = draw(st.booleans()), draw(st.booleans())
        members.append(One(f"m{place}", above, *flags, draw(st.sampled_from(["EUR", "USD"]))))
    return family_of(*members)


def paid_by(family: dict[str, One], account_id: str) -> str:
    """As it is said: who pays for the parent where the parent pays, else the account."""
    one = family[account_id]
    if one.parent_id is not None and one.is_paid_by_parent:
        return paid_by(family, one.parent_id)
    return account_id


@given(families())
def test_the_payer_is_as_it_is_said(family: dict[str, One]) -> None:
    for account_id in family:
        payer = find_payer(family, account_id)
        assert payer == paid_by(family, account_id)
        assert find_payer(family, payer) == payer


@given(families(), st.randoms())
def test_a_walk_meets_each_once_after_its_parent(family: dict[str, One], chance) -> None:
    order = [*family]
    chance.shuffle(order)
    met = dict(walk(family, order))
    assert met.keys() == family.keys()
    for one in family.values():
        if one.parent_id is None:
            assert met[one.account_id] == 0
        else:
            assert met[one.account_id] == met[one.parent_id] + 1
            assert [*met].index(one.parent_id) < [*met].index(one.account_id)


def refusal(rule, **values) -> tuple[str, str | None]:
    with pytest.raises(Conflict) as refused:
        rule(**values)
    errors = refused.value.errors
    return refused.value.code, errors[0]["field"] if errors else None


def test_an_account_belongs_to_none_that_belongs_to_it() -> None:
    require_no_circle(number="A-1", parent_id="x", below=["a", "b"])
    said = refusal(require_no_circle, number="A-1", parent_id="b", below=["a", "b"])
    assert said == ("parent_circle", "parent_id")


@pytest.mark.parametrize("status", Status)
def test_a_parent_is_not_closed_nor_about_to_be(status: Status) -> None:
    if status in (Status.CLOSING, Status.CLOSED):
        said = refusal(require_open, number="A-1", status=status)
        assert said == ("parent_closed", "parent_id")
    else:
        require_open(number="A-1", status=status)


def test_a_parent_pays_in_its_own_currency() -> None:
    euro, dollar = One("a"), One("b", currency="USD")
    require_one_currency(Payer.PARENT, child=euro, parent=euro)
    require_one_currency(Payer.CHILD, child=dollar, parent=euro)
    said = refusal(require_one_currency, payer=Payer.PARENT, child=dollar, parent=euro)
    assert said == ("payer_currency", "payer")


def test_a_family_has_an_end() -> None:
    require_room(FAMILY_MAX)
    assert refusal(require_room, count=FAMILY_MAX + 1) == ("family_full", "parent_id")


def test_who_has_open_children_is_not_closed() -> None:
    require_childless(number="A-1", open_children=0)
    assert refusal(require_childless, number="A-1", open_children=1)[0] == "children_open"
