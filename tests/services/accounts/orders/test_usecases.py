"""Claims about the copy of orders: which are running, in whatever order sales' words come."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from services.accounts.orders.models import AccountOrder

pytestmark = pytest.mark.server


def numbers(office, account_id: str) -> list[tuple[str, int | None]]:
    order = AccountOrder
    running = select(order.number, order.total_gross).where(order.account_id == account_id)
    return [tuple(row) for row in office.session.execute(running.where(~order.is_ended))]


def tell(office, account_id: str, name: str, order_id: str, version: int, **facts) -> None:
    order = {"order_id": order_id, "number": "SO-1", "version": version, "currency": "EUR"}
    office.hear("sales", name, account_id=account_id, **order, **facts)


@pytest.mark.parametrize("end", ["order_cancelled", "order_completed"])
def test_an_order_runs_from_its_confirmation_to_its_end(office, end: str) -> None:
    account_id, order_id = office.account()["account_id"], new_id("ord")
    tell(office, account_id, "order_confirmed", order_id, 2, total_gross=59_500)
    assert numbers(office, account_id) == [("SO-1", 59_500)]
    tell(office, account_id, end, order_id, 3)
    assert numbers(office, account_id) == []


@pytest.mark.parametrize("is_ended", [False, True])
def test_an_order_comes_to_what_it_was_amended_to(office, *, is_ended: bool) -> None:
    account_id, order_id = office.account()["account_id"], new_id("ord")
    amended = {"total_gross": 47_600, "is_ended": is_ended}
    tell(office, account_id, "order_amended", order_id, 3, **amended)
    tell(office, account_id, "order_confirmed", order_id, 2, total_gross=59_500)
    if is_ended:  # told of the same version
        tell(office, account_id, "order_completed", order_id, 3)
    assert numbers(office, account_id) == ([] if is_ended else [("SO-1", 47_600)])


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_the_newest_word_counts(office, order) -> None:
    account_id, order_id = office.account()["account_id"], new_id("ord")
    tells = [
        ("order_confirmed", 2, {"total_gross": 59_500}),
        ("order_completed", 3, {}),
        ("order_introduced", 4, {"is_ended": True}),
    ]
    for index in order:
        name, version, facts = tells[index]
        tell(office, account_id, name, order_id, version, **facts)
    assert numbers(office, account_id) == []
