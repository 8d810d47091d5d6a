"""Charges are added once, one or many at once, each as if it came alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid
from services.billing.billables.models import Billable
from services.billing.charges.queries import list_charge_history
from services.billing.new_charges.usecases import add_batch, add_charge
from tests.services.billing.charging import ASKED, MONTHLY, Charging, day
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


@pytest.fixture
def charging(books: Books, account: str) -> Charging:
    books.today = day("03-12")
    return Charging(books, account)


def said(account_id: str, **facts: Any) -> dict[str, Any]:
    once = {"kind": "one_off", "start_on": day("03-02")}
    return ASKED | once | {"account_id": account_id} | facts


def test_a_quantity_that_is_written_otherwise_is_the_same_charge(charging: Charging) -> None:
    first = said(charging.account_id, external_id="Q-1", quantity=Decimal(2))
    again = first | {"quantity": Decimal("2.0"), "tax_percent": Decimal("19.00")}
    answer = add(charging.books, first | {"tax_percent": Decimal(19)}, again)
    assert [one.get("is_new") for one in answer["results"]] == [True, False]


def add(books: Books, *charges: Any) -> dict[str, Any]:
    return add_batch(books.session, charges=charges, **books.moment)


def test_each_of_a_batch_is_added_found_or_refused_by_itself(charging: Charging) -> None:
    books, account_id = charging.books, charging.account_id
    closed = books.open_account(status="closed")
    broken = Invalid.fields([{"field": "currency", "detail": "Not a currency."}])
    first = said(account_id, external_id="A-1")
    answer = add(
        books,
        first,
        first,
        first | {"unit_price": 1},
        said(closed),
        said(new_id("acc")),
        said(account_id, unit="month"),
        broken,
        said(account_id, order_id=books.order(books.open_account())),
        said(account_id, **MONTHLY, kind="recurring"),
        said(account_id, external_id="A-2", start_on=day("04-01")),
    )
    ends = [one.get("code", one.get("is_new")) for one in answer["results"]]
    assert ends == [
        True,
        False,
        "external_id_used",
        "account_closed",
        "account_not_found",
        "charge_unclear",
        "invalid_fields",
        "order_not_found",
        True,
        True,
    ]
    assert [one["index"] for one in answer["results"]] == [*range(10)]
    assert (answer["added"], answer["found"], answer["refused"]) == (3, 1, 6)
    new = [one["charge_id"] for one in answer["results"] if one.get("is_new")]
    assert answer["results"][1]["charge_id"] == new[0]
    assert [charging.pending(one) for one in new] == [
        [("03-02", "03-02", 29900)],
        [
            ("03-02", "03-31", 28935),
        ],
        [],
    ]
    assert [told["charge_id"] for told in books.announced("ChargeAdded")] == new
    books.check_constraints()


def test_many_at_once_are_as_they_are_one_by_one(charging: Charging) -> None:
    books = charging.books
    other = books.open_account()
    rows: list[dict[str, Any]] = [
        {},
        {"start_on": day("01-15"), "kind": "recurring"} | MONTHLY,
        {"kind": "usage", "unit": "month"},
        {"start_on": day("05-01")},
        {"unit_price": 0},
    ]
    for row in rows:
        add_charge(books.session, **said(charging.account_id, **row), **books.moment)
    one_by_one = books.announced("ChargeAdded")
    add(books, *(said(other, **row) for row in rows))
    at_once = books.announced("ChargeAdded")[len(rows) :]
    own = {"charge_id", "account_id"}
    assert [one.keys() for one in at_once] == [one.keys() for one in one_by_one]
    for left, right in zip(one_by_one, at_once, strict=True):
        assert {k: v for k, v in left.items() if k not in own} == {
            k: v for k, v in right.items() if k not in own
        }
        ours, theirs = (charging.charge(each["charge_id"]) for each in (left, right))
        for name in ("status", "next_on", "recorded_until", "agreed", "version", "tax_code"):
            assert getattr(ours, name) == getattr(theirs, name)
        assert charging.pending(ours.charge_id) == charging.pending(theirs.charge_id)
        history = list_charge_history(
            books.session, charge_id=theirs.charge_id, limit=9, after=None
        )
        assert [(one.action, one.version) for one in history["items"]] == [("add", 1)]


def test_one_that_came_before_is_answered_as_it_is_now_and_billed_once(charging: Charging) -> None:
    books = charging.books
    first = said(charging.account_id, external_id="A-1", **MONTHLY, kind="recurring")
    charge = add_charge(books.session, **first, **books.moment)
    charging.act("pause", charge.charge_id)
    again = add_charge(books.session, **first, **books.moment)
    assert (again.charge_id, again.status) == (charge.charge_id, "paused")
    with pytest.raises(Conflict) as refused:
        add_charge(books.session, **first | {"description": "Other"}, **books.moment)
    assert refused.value.code == "external_id_used"
    answer = add(books, first, said(books.open_account(), external_id="A-1"))
    assert [one["is_new"] for one in answer["results"]] == [False, True]
    assert len(books.announced("ChargeAdded")) == 2


def test_what_is_refused_leaves_nothing(books: Books) -> None:
    books.today = day("03-12")
    answer = add(books, said(new_id("acc"), external_id="A-1"))
    assert (answer["added"], answer["refused"], books.announced_names()) == (0, 1, [])


def test_a_batch_takes_the_same_number_of_statements_however_many_it_adds(books: Books) -> None:
    books.today = day("03-12")

    def statements(count: int) -> int:
        accounts = [books.open_account() for _ in range(count)]
        rows = [said(each, external_id="A-1") for each in accounts]
        with books.counted() as sent:
            add(books, *rows)
        billed = select(Billable).where(Billable.account_id.in_(accounts))
        assert len(books.session.scalars(billed).all()) == count
        return len(sent)

    assert statements(2) == statements(50) <= 8
