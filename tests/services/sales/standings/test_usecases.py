"""Claims about the credit check with all its limits, and about what lets an order pass it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chassis.doors.rows import show_only_visible
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Conflict
from services.sales.credit_terms.usecases import set_credit_terms
from services.sales.items.usecases import keep_items
from services.sales.orders.models import Order
from services.sales.orders.usecases import add_lines
from services.sales.overrides.queries import list_overrides
from services.sales.standings.queries import get_standing
from services.sales.standings.usecases import override_credit

pytestmark = pytest.mark.server


class Check:
    """The credit check of the shop's accounts."""

    def __init__(self, session: Any, shop: Any) -> None:
        self.session, self.shop = session, shop

    def terms(self, account_id: str, limit: int | None, days: int = 5, **facts: Any) -> None:
        terms = {"overdue_limit": limit, "overdue_days": days, "counts_drafts": False} | facts
        who = {"reason": "So.", "now": self.shop.now, "by": "kim"}
        set_credit_terms(self.session, account_id=account_id, **terms, **who)

    def owe(self, account_id: str, balance: int, days_late: int) -> None:
        item = {"item_id": new_id("itm"), "version": 1, "currency": "EUR", "balance": balance}
        item |= {"due_date": self.shop.today - timedelta(days=days_late)}
        item |= {"disputed": 0, "in_flight": 0}
        keep_items(self.session, [{"account_id": account_id, "items": [item]}])

    def draft(self, account_id: str, gross: int) -> Order:
        line = self.shop.line(self.shop.offer(unit_price=gross, tax_percent=0))
        order: Order = self.shop.draft(account_id, line)
        return order

    def refused(self, order: Order) -> str | None:
        try:
            self.shop.confirm(order)
        except Conflict as refused:
            assert order.status == "draft"
            return refused.code
        return None

    def standing(self, account_id: str) -> dict[str, Any]:
        today = self.shop.today
        return get_standing(self.session, account_id=account_id, currency=None, today=today)

    def override(self, order: Order, until: date | None = None) -> None:
        moment = {"today": self.shop.today, "now": self.shop.now, "by": "lee"}
        override_credit(
            self.session,
            order_id=order.order_id,
            reason="The money is on its way.",
            until=until or self.shop.today,
            **moment,
        )


@pytest.fixture
def check(session: Any, shop: Any) -> Check:
    return Check(session, shop)


@pytest.mark.parametrize(
    ("owed", "code"),
    [
        ([(48000, 6)], None),
        ([(52000, 6)], "overdue_limit_exceeded"),
        ([(52000, 3)], None),
        ([(48000, 6), (52000, 5)], None),
        ([(30000, 6), (22000, 100)], "overdue_limit_exceeded"),
    ],
)
def test_overdue_for_more_than_five_days_is_at_most_five_hundred(
    check: Check, shop: Any, owed: list[tuple[int, int]], code: str | None
) -> None:
    account_id = shop.open_account()
    check.terms(account_id, 50000)
    for amount, days_late in owed:
        check.owe(account_id, amount, days_late)
    assert check.refused(check.draft(account_id, 100)) == code
    late = sum(amount for amount, days in owed if days > 5)
    shown = check.standing(account_id)
    assert (shown["overdue"], shown["overdue_limit"], shown["overdue_days"]) == (late, 50000, 5)


@pytest.mark.parametrize("counts_drafts", [False, True])
def test_other_drafts_count_where_the_terms_say_so(
    check: Check, shop: Any, counts_drafts: bool
) -> None:
    account_id = shop.open_account(credit_limit=1000)
    check.terms(account_id, None, counts_drafts=counts_drafts)
    check.draft(account_id, 900)
    order = check.draft(account_id, 200)
    assert check.standing(account_id)["drafts"] == (1100 if counts_drafts else 0)
    assert check.refused(order) == ("credit_limit_exceeded" if counts_drafts else None)


def test_a_child_is_held_to_what_its_group_has_room_for_whoever_may_see_that(
    session: Any, check: Check, shop: Any
) -> None:
    top = new_id("acc")
    shared = {"credit_group_id": top}
    shop.open_account(account_id=top, number="A-1", credit_limit=2000, **shared)
    one, two = (shop.open_account(number=number, **shared) for number in ("A-2", "A-3"))
    shop.owe(top, 300)
    assert check.refused(check.draft(one, 1000)) is None
    orders = [check.draft(two, amount) for amount in (701, 700)]
    group = check.standing(two)["group"]
    assert (group.number, group.limit, group.exposure, group.available) == ("A-1", 2000, 1300, 700)
    show_only_visible(session, Caller("eve", frozenset({"*"}), frozenset({two})))
    assert [check.refused(order) for order in orders] == ["group_limit_exceeded", None]


def test_an_override_lets_one_order_pass_once_up_to_what_it_came_to(
    session: Any, check: Check, shop: Any
) -> None:
    account_id = shop.open_account(credit_limit=1000)
    order = check.draft(account_id, 1500)
    assert check.refused(order) == "credit_limit_exceeded"
    check.override(order)
    granted = session.info["announced"][-1]
    assert granted[0].__name__ == "CreditOverrideGranted"
    line = shop.line(shop.offer(unit_price=1, tax_percent=0))
    grown = line | {"returns_line_id": None, "promised_on": None, "note": None}
    add_lines(session, order_id=order.order_id, lines=[grown], today=shop.today)
    assert check.refused(order) == "credit_limit_exceeded", "it comes to more now"
    check.override(order)
    assert check.refused(order) is None
    page = {"account_id": account_id, "order_id": None, "limit": 10, "after": None}
    listed = list_overrides(session, **page, is_used=None)["items"]
    assert sorted((one.gross, one.used_at is not None) for one in listed) == [
        (1500, False),
        (1501, True),
    ]
    assert order.agreed_limit == 1000, "only a limit that is lowered below that stops it"
    assert check.refused(check.draft(account_id, 1)) == "credit_limit_exceeded"


def test_an_override_ends_and_helps_against_no_hold(check: Check, shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    order = check.draft(account_id, 1500)
    check.override(order)
    shop.hold(account_id)
    assert check.refused(order) == "credit_hold"
    other = shop.open_account(credit_limit=1000)
    order = check.draft(other, 1500)
    check.override(order)
    [override] = list_overrides(
        check.session, account_id=other, order_id=None, is_used=False, limit=2, after=None
    )["items"]
    override.until = shop.today - timedelta(days=1)
    assert check.refused(order) == "credit_limit_exceeded"


def test_what_is_confirmed_needs_no_override(check: Check, shop: Any) -> None:
    order = check.draft(shop.open_account(), 1500)
    shop.confirm(order)
    with pytest.raises(Conflict) as refused:
        check.override(order)
    assert refused.value.code == "order_confirmed"
    assert "only one that is draft can be let past the credit check" in refused.value.detail
