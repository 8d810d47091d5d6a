"""What is agreed with an account shifts what is issued from then on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kernel.refusals import Conflict, NotKnownYet
from services.billing.routines.queries import get_billing_routine, list_billing_routines
from services.billing.terms.usecases import make_payment_terms, retire_payment_terms

pytestmark = pytest.mark.server

PAY_DAY = {"kind": "pay_day", "pay_day": 15}


def make_terms(books: Any, *lines: dict[str, Any], **facts: Any) -> str:
    said = {"name": "Theirs", "currency": None, "business_days": "none"} | facts
    said = {"discount_percent": None, "discount_days": None} | said
    parts = [{"percent": None, "amount": None} | line for line in lines]
    made = make_payment_terms(books.session, lines=parts, **said, now=books.now, by=books.by)
    return made.payment_terms_id


def due(books: Any) -> list[tuple[int, date]]:
    """What was due when of all that was issued."""
    return [
        (item["amount"], date.fromisoformat(str(item["due_date"])))
        for event in books.announced("InvoiceIssued")
        for item in event["items"]
    ]


def test_a_routine_is_of_all_that_is_issued_however_it_is(books, account):
    books.bill(account, 100)  # due after 30 days
    books.agree(account, **PAY_DAY)
    books.bill(account, 100)
    books.batch(books.demand(account, 100) | {"issued_on": None})
    books.ship(account, books.order(account), books.line(100))
    shifted = [(100, date(2026, 4, 15))] * 3
    assert due(books) == [(100, date(2026, 4, 1)), *shifted]


def test_a_client_who_pays_each_week_has_an_item_for_each(books, account):
    books.agree(account, kind="weekly_share", weekday="friday", weeks=4)
    books.bill(account, 1000, net_days=0)
    assert due(books) == [(250, date(2026, 3, day)) for day in (6, 13, 20, 27)]


def test_the_accounts_terms_are_those_of_what_names_none(books, account):
    terms = make_terms(books, {"percent": "50", "net_days": 14}, {}, business_days="next")
    books.agree(account, payment_terms_id=terms)
    books.today = date(2026, 3, 20)
    books.bill(account, 100)  # 3 April is Good Friday
    books.bill(account, 100, net_days=1)
    assert due(books) == [
        (50, date(2026, 4, 7)),
        (50, date(2026, 3, 20)),
        (100, date(2026, 3, 21)),
    ]


def test_an_invoice_too_small_for_the_accounts_terms_is_issued_after_its_net_days(books, account):
    terms = make_terms(books, {"amount": 500}, {"net_days": 60}, currency="EUR")
    books.agree(account, payment_terms_id=terms)
    books.bill(account, 499)
    assert due(books) == [(499, date(2026, 4, 1))]


def test_what_was_agreed_when_and_why_is_kept_and_told(books, account):
    before = get_billing_routine(books.session, account_id=account)
    assert (before.version, before.allocation_policy) == (0, "oldest_due")
    books.agree(account, **PAY_DAY, months_off=[8, 8, 1], bill_day=1, reason="Salaries.")
    books.wait(1)
    books.agree(account, allocation_policy="pro_rata", reason="Changed their mind.")
    page = list_billing_routines(books.session, account_id=account, limit=10, after=None)
    assert [
        (each.version, each.kind, each.allocation_policy, each.reason, each.set_by)
        for each in page["items"]
    ] == [
        (2, None, "pro_rata", "Changed their mind.", "tester"),
        (1, "pay_day", "oldest_due", "Salaries.", "tester"),
    ]
    assert get_billing_routine(books.session, account_id=account).version == 2
    first, second = books.announced("BillingRoutineChanged")
    assert (first["allocation_policy"], second["allocation_policy"]) == ("oldest_due", "pro_rata")
    assert (first["pay_day"], first["months_off"], first["bill_day"]) == (15, [1, 8], 1)


def test_retired_terms_are_kept_and_not_given_anew(books, account):
    terms = make_terms(books, {"net_days": 5})
    books.agree(account, payment_terms_id=terms)
    retire_payment_terms(books.session, payment_terms_id=terms, now=books.now, by=books.by)
    books.bill(account, 100)
    assert due(books) == [(100, date(2026, 3, 7))]
    books.agree(account, payment_terms_id=terms, bill_day=3)
    with pytest.raises(Conflict):
        books.agree(books.open_account(number="A-2"), payment_terms_id=terms)


def test_nothing_is_agreed_with_an_account_that_nobody_knows(books):
    with pytest.raises(NotKnownYet):
        books.agree("acc_01jd3v4q6ye8z9t5k2m7n0p1xb")
