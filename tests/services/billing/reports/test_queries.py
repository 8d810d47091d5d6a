"""Ageing, DSO and collected: from history, the same for ever."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.billing.reports.queries import report_ageing, report_collected, report_dso

pytestmark = pytest.mark.server


def test_an_item_ages_from_its_due_date_on(books, account):
    books.bill(account, 1000, due_date=date(2026, 3, 10))
    for day, bucket in [
        (date(2026, 3, 1), None),  # not issued yet
        (date(2026, 3, 2), "current"),
        (date(2026, 3, 10), "current"),
        (date(2026, 3, 11), "1-30"),
        (date(2026, 4, 9), "1-30"),
        (date(2026, 4, 10), "31-60"),
        (date(2026, 6, 8), "61-90"),
        (date(2026, 6, 9), "over_90"),
    ]:
        assert books.aged(account, as_of=day) == ({bucket: (1, 1000)} if bucket else {}), day


def test_a_payment_counts_from_its_value_date_on(books, account):
    books.bill(account, 1000)
    books.wait(10)
    books.pay(account, 400, value_date=date(2026, 3, 7))
    assert books.aged(account, as_of=date(2026, 3, 6)) == {"current": (1, 1000)}
    assert books.aged(account, as_of=date(2026, 3, 7)) == {"current": (1, 600)}


def test_what_was_not_known_yet_does_not_count(books, account):
    books.bill(account, 1000)
    known_before = books.now
    books.wait(10)
    books.pay(account, 1000, value_date=date(2026, 3, 3))
    assert books.aged(account, as_of=date(2026, 3, 5)) == {}
    assert books.aged(account, as_of=date(2026, 3, 5), known_at=known_before) == {
        "current": (1, 1000)
    }


def test_an_invoice_recorded_later_was_not_known_before(books, account):
    before = books.now
    books.wait(10)
    books.bill(account, 1000, issued_on=date(2026, 3, 1))
    assert books.aged(account, as_of=date(2026, 3, 5)) == {"current": (1, 1000)}
    assert books.aged(account, as_of=date(2026, 3, 5), known_at=before) == {}


def test_a_void_counts_from_its_day_on(books, account):
    invoice = books.bill(account, 1000)
    before = books.now
    books.wait(10)
    books.void(invoice)
    assert books.aged(account, as_of=date(2026, 3, 11)) == {"current": (1, 1000)}
    assert books.aged(account, as_of=date(2026, 3, 12)) == {}
    assert books.aged(account, as_of=date(2026, 3, 12), known_at=before) == {"current": (1, 1000)}


def test_a_reversal_opens_from_its_day_on_and_the_past_stays_paid(books, account):
    books.bill(account, 1000)
    books.wait(3)
    payment = books.pay(account, 1000)
    books.wait(5)
    known_paid = books.now
    books.wait(5)
    books.reverse(payment, on=date(2026, 3, 13))
    assert books.aged(account, as_of=date(2026, 3, 4)) == {"current": (1, 1000)}
    assert books.aged(account, as_of=date(2026, 3, 12)) == {}
    assert books.aged(account, as_of=date(2026, 3, 13)) == {"current": (1, 1000)}
    assert books.aged(account, as_of=date(2026, 3, 13), known_at=known_paid) == {}


def test_the_same_question_has_the_same_answer_whatever_happens_later(books, account):
    first, second = books.bill(account, 1000), books.bill(account, 700, due_date=books.today)
    books.wait(20)
    payment = books.pay(account, 900)
    asked = {"as_of": date(2026, 3, 20), "known_at": books.now}
    answer = books.aged(account, **asked)
    books.wait(1)
    books.reverse(payment)
    books.pay(account, 1200, value_date=date(2026, 3, 5))
    books.credit(first, 100, issued_on=date(2026, 3, 6))
    books.bill(account, 50, issued_on=date(2026, 3, 4))
    books.wait(30)
    books.refund_allocation(books.allocation_ids()[-1])
    assert books.aged(account, **asked) == answer
    assert second.balance + first.balance == books.aged(account)["1-30"][1] - 50


def test_the_page_by_account_adds_up_to_the_total_of_all(books):
    accounts = sorted(books.open_account() for _ in range(3))
    for number, account in enumerate(accounts, start=1):
        for _ in range(number):
            books.bill(account, 100, currency="CHF", due_date=books.today)
    books.wait(40)
    pages, after = [], None
    while True:
        ageing = report_ageing(
            books.session,
            as_of=None,
            known_at=None,
            currency="CHF",
            account_id=None,
            limit=2,
            after=after,
            today=books.today,
            now=books.now,
        )
        pages += ageing["items"]
        after = ageing["next_after"]
        if not ageing["has_more"]:
            break
    assert [row["account_id"] for row in pages] == accounts
    assert [row["amount"] for row in pages] == [100, 200, 300]
    [total] = ageing["totals"]
    assert (total["count"], total["amount"]) == (6, 600)
    assert total["buckets"][2] == {"bucket": "31-60", "count": 6, "amount": 600}


def test_dso_takes_what_is_open_and_what_was_billed_less_voids_and_credits(books, account):
    paid, credited = (
        books.bill(account, 6000, currency="SEK"),
        books.bill(account, 3000, currency="SEK"),
    )
    voided = books.bill(account, 777, currency="SEK")
    books.wait(5)
    books.pay(account, 6000, currency="SEK")
    books.credit(credited, 600)
    books.void(voided)
    books.wait(24)
    report = report_dso(
        books.session,
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 31),
        currency="SEK",
        known_at=None,
        now=books.now,
    )
    assert (report["receivables"], report["billed"]) == (2400, 8400)
    assert report["dso"] == Decimal("8.6")  # 2400 / 8400 * 30
    assert paid.status == "paid"


def test_collected_is_by_value_date_less_reversed_and_refunded(books, account):
    def collected(first_day, last_day, known_at=None):
        report = report_collected(
            books.session,
            first_day=first_day,
            last_day=last_day,
            known_at=known_at,
            now=books.now,
        )
        rows = {row.pop("currency"): row for row in report["currencies"]}
        return rows.get("NOK")

    books.wait(30)
    books.pay(account, 1000, currency="NOK", value_date=date(2026, 3, 5))
    kept = books.pay(account, 500, currency="NOK", value_date=date(2026, 3, 6))
    bounced = books.pay(account, 300, currency="NOK", value_date=date(2026, 3, 7))
    known_first = books.now
    books.wait(1)
    books.refund(kept, 200)
    books.reverse(bounced, on=date(2026, 3, 9))
    assert collected(date(2026, 3, 5), date(2026, 3, 9)) == {
        "payments": 3,
        "received": 1800,
        "reversed": 300,
        "refunded": 0,
        "collected": 1500,
    }
    assert collected(date(2026, 3, 6), date(2026, 3, 6))["collected"] == 500
    assert collected(date(2026, 3, 9), date(2026, 4, 2))["collected"] == -500
    assert collected(date(2026, 3, 5), date(2026, 4, 2), known_first)["collected"] == 1800
    assert collected(date(2026, 3, 1), date(2026, 3, 4)) is None


def test_a_moment_is_compared_with_its_offset(books, account):
    books.bill(account, 1000)  # recorded at 09:00 UTC
    assert books.aged(account, known_at=datetime(2026, 3, 2, 8, 59, tzinfo=UTC)) == {}
    assert books.aged(account, known_at=datetime.fromisoformat("2026-03-02T09:30:00+01:00")) == {}
    assert books.aged(account, known_at=datetime.fromisoformat("2026-03-02T10:00:00+01:00")) != {}
