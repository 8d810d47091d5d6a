"""Accounts belong together: who pays is told to all, and only what is to come changes by it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.refusals import Conflict, NotFound, Refusal
from tests.services.accounts.parents.test_rules import One, paid_by

pytestmark = pytest.mark.server


@pytest.fixture
def made(office) -> list[str]:
    """Four prospects of one owner."""
    owner_id = office.staff()["staff_id"]
    names = ("Alpha", "Bravo", "Charlie", "Delta")
    made = [office.account(name=name, owner_id=owner_id)["account_id"] for name in names]
    office.announced()
    return made


def put(office, child: str, parent: str, payer: str = "parent") -> dict[str, Any]:
    account: dict[str, Any] = office.do(
        "set_parent", account_id=child, parent_id=parent, payer=payer
    )
    return account


def told(office) -> dict[str, tuple[Any, Any, Any]]:
    """What was announced of parents since this was last asked, by account."""
    announced = office.session.info.pop("announced", [])
    assert {event.name for event, *_ in announced} <= {"parent_changed"}
    assert len({data["account_id"] for _, data, _ in announced}) == len(announced)
    return {
        data["account_id"]: (data["parent_id"], data["payer_id"], data["credit_group_id"])
        for _, data, _ in announced
    }


def test_who_pays_in_the_end_is_told_of_all_below(office, made: list[str]) -> None:
    a, b, c, _ = made
    put(office, c, b)
    assert told(office) == {c: (b, b, None)}
    account = put(office, b, a)
    assert (account["parent_id"], account["payer_id"]) == (a, a)
    assert told(office) == {b: (a, a, None), c: (b, a, None)}
    put(office, b, a, "child")
    assert told(office) == {b: (a, b, None), c: (b, b, None)}
    put(office, b, a, "child")
    assert told(office) == {}  # it is so already
    office.do("remove_parent", account_id=b)
    assert told(office) == {b: (None, b, None)}
    office.do("remove_parent", account_id=b)
    assert told(office) == {}


def test_it_is_said_in_numbers_and_with_every_later_event(office, made: list[str]) -> None:
    a, b, *_ = made
    number = office.do("get_account", account_id=a)["number"]
    put(office, b, a)
    [(_, data, _)] = office.session.info.pop("announced")
    assert (data["parent_number"], data["payer_number"]) == (number, number)
    office.do("edit_account", account_id=b, tier="key")
    [(_, data, _)] = office.session.info.pop("announced")
    assert (data["parent_id"], data["payer_id"]) == (a, a)


def test_a_limit_counts_for_all_below_in_its_currency(office, made: list[str]) -> None:
    a, b, c, _ = made
    dollar = office.account(name="Dollar", currency="USD")["account_id"]
    office.announced()
    for child, parent in ((b, a), (c, b), (dollar, b)):
        put(office, child, parent, "child")
    told(office)
    office.do("set_credit_group", account_id=a, is_credit_group=True)
    assert told(office) == {a: (None, a, a), b: (a, b, a), c: (b, c, a)}
    office.do("set_credit_group", account_id=b, is_credit_group=True)
    assert told(office) == {b: (a, b, b), c: (b, c, b)}
    office.do("set_credit_group", account_id=a, is_credit_group=False)
    assert told(office) == {a: (None, a, None)}
    office.do("remove_parent", account_id=c)
    assert told(office) == {c: (None, c, None)}


def test_the_family_is_shown_from_its_top_each_after_its_parent(office, made: list[str]) -> None:
    a, b, c, d = made
    for child, parent in ((d, a), (c, b), (b, a)):
        put(office, child, parent, "child" if child == d else "parent")
    for anyone in made:
        items = office.do("get_family", account_id=anyone)["items"]
        shown = [(one["account_id"], one["depth"], one["payer"], one["payer_id"]) for one in items]
        assert shown == [
            (a, 0, None, a),
            (b, 1, "parent", a),
            (c, 2, "parent", a),
            (d, 1, "child", d),
        ]
    first = office.do("list_children", account_id=a, limit=1)
    rest = office.do("list_children", account_id=a, limit=1, after=first["next_after"])
    assert [one["name"] for one in (*first["items"], *rest["items"])] == ["Bravo", "Delta"]


@pytest.mark.parametrize("payer", ["child", "parent"])
def test_a_circle_is_refused_however_long(office, made: list[str], payer: str) -> None:
    a, b, c, _ = made
    put(office, b, a, payer)
    put(office, c, b, payer)
    for parent in (a, b, c):
        with pytest.raises(Conflict) as refused:
            put(office, a, parent, payer)
        assert refused.value.code == "parent_circle"


def test_what_is_closed_has_no_children_and_gets_none(office, made: list[str]) -> None:
    a, b, *_ = made
    put(office, b, a)
    with pytest.raises(Conflict) as refused:
        office.do("close_account", account_id=a, reason="Moved abroad.")
    assert refused.value.code == "children_open"
    office.close(b)
    office.close(a)
    with pytest.raises(Conflict) as refused:
        office.do("reopen_account", account_id=b, reason="Came back.")
    assert refused.value.code == "parent_closed"
    office.do("reopen_account", account_id=a, reason="Came back.")
    assert office.do("reopen_account", account_id=b, reason="Came back.")["payer_id"] == a


@pytest.mark.parametrize(
    ("closed", "code"), [("child", "account_closed"), ("parent", "parent_closed")]
)
def test_nothing_new_belongs_to_what_is_closed(
    office, made: list[str], closed: str, code: str
) -> None:
    a, b, *_ = made
    office.close(b if closed == "child" else a)
    with pytest.raises(Conflict) as refused:
        put(office, b, a)
    assert refused.value.code == code


def test_the_currency_stays_while_others_belong_together_with_it(office, made: list[str]) -> None:
    a, b, *_ = made
    put(office, b, a)
    for one in (a, b):
        with pytest.raises(Conflict) as refused:
            office.do("edit_account", account_id=one, currency="EUR", credit_limit=None)
        assert refused.value.code == "currency_fixed"
    office.do("remove_parent", account_id=b)
    office.do("edit_account", account_id=b, currency="EUR", credit_limit=None)
    with pytest.raises(Conflict) as refused:
        put(office, b, a)
    assert refused.value.code == "payer_currency"


def test_a_family_that_is_full_takes_no_more(office, made: list[str], monkeypatch) -> None:
    monkeypatch.setattr("services.accounts.parents.rules.FAMILY_MAX", 3)
    a, b, c, d = made
    put(office, b, a)
    put(office, d, c)
    with pytest.raises(Conflict) as refused:
        put(office, c, b)
    assert refused.value.code == "family_full"
    put(office, b, a, "child")


def test_a_parent_that_is_not_there_is_refused_by_its_field(office, made: list[str]) -> None:
    with pytest.raises(NotFound) as refused:
        put(office, made[0], "acc_01jd3v4q6ye8z9t5k2m7n0p1xw")
    assert refused.value.errors[0]["field"] == "parent_id"


MOVES = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, 4), st.sampled_from(["child", "parent", "none", "group"])
    ),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(MOVES)
def test_whatever_is_moved_the_payer_is_as_the_edges_say_and_as_it_was_told(
    office, moves: list[tuple[int, int, str]]
) -> None:
    owner_id = office.staff()["staff_id"]
    made = [office.account(name=f"N{one}", owner_id=owner_id)["account_id"] for one in range(5)]
    office.announced()
    edges = {one: One(one) for one in made}
    copies: dict[str, Any] = {}
    for child, parent, what in moves:
        try:
            if what == "none":
                office.do("remove_parent", account_id=made[child])
                edges[made[child]] = One(made[child])
            elif what == "group":
                office.do("set_credit_group", account_id=made[child], is_credit_group=True)
            else:
                put(office, made[child], made[parent], what)
                edges[made[child]] = One(made[child], made[parent], what == "parent")
        except Refusal as refused:
            assert refused.code == "parent_circle"  # noqa: PT017  which of many moves is refused
        copies |= told(office)
    for one in made:
        account = office.do("get_account", account_id=one)
        assert account["payer_id"] == paid_by(edges, one)
        assert account["parent_id"] == edges[one].parent_id
        now = account["parent_id"], account["payer_id"], account["credit_group_id"]
        assert copies.get(one, (None, one, None)) == now
