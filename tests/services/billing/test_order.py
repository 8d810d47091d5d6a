"""Where due days are equal the document decides, as people read it: its day, then its number."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.billing.allocations.queries import list_allocations
from services.billing.invoices.queries import list_invoices
from services.billing.items.queries import find_oldest_items, list_items
from services.billing.reports.queries import report_ageing

pytestmark = pytest.mark.server

DUE = date(2026, 4, 1)


@pytest.fixture
def eight(books, account):
    """Eight invoices of 1.00 each, issued at once and due on one day; their numbers."""
    return [each["number"] for each in issue_at_once(books, account, 8)]


def issue_at_once(books, account, count, **facts):
    rows = [books.demand(account, 100, **facts) | {"issued_on": None} for _ in range(count)]
    return books.batch(*rows)["results"]


def paid(books):
    return [each["item"]["invoice_number"] for each in books.announced("AllocationMade")]


def every_page(read, limit, **asked):
    """The items of all pages, one after the other."""
    items, after = [], None
    while True:
        page = read(limit=limit, after=after, **asked)
        items += page["items"]
        after = page["next_after"]
        if not page["has_more"]:
            return items


def test_the_numbers_of_a_batch_are_in_its_order(eight):
    counts = [int(number[-6:]) for number in eight]
    assert counts == list(range(counts[0], counts[0] + 8))


def test_money_pays_the_lowest_numbers_of_those_due_on_one_day(books, account, eight):
    books.pay(account, 300)
    assert paid(books) == eight[:3]


def test_what_it_pays_is_announced_and_listed_in_that_order(books, account, eight):
    payment = books.pay(account, 700)
    assert [each["number"] for each in books.announced("InvoicePaid")] == eight[:7]
    allocations = every_page(
        lambda **page: list_allocations(books.session, **page, payment_id=payment.payment_id), 2
    )
    assert [each.invoice_number for each in allocations] == eight[:7]
    books.reverse(payment)
    taken_back = books.announced("AllocationReversed")
    assert [each["item"]["invoice_number"] for each in taken_back] == eight[:7]
    assert [each["number"] for each in books.announced("InvoiceReopened")] == eight[:7]


def test_credit_pays_in_the_same_order(books, account, eight):
    note = books.credit_freely(account, 250)
    books.allocate_credit(note)
    assert paid(books) == eight[:3]


def test_money_entered_before_pays_in_the_same_order(books, account):
    payment = books.pay(account, 300)
    numbers = [each["number"] for each in issue_at_once(books, account, 5)]
    books.allocate(payment)
    assert paid(books) == numbers[:3]


@pytest.mark.parametrize(
    ("documents", "order"),
    [
        ([("101", 2), ("99", 2)], ["99", "101"]),
        ([("RE-10", 2), ("RE-9", 2), ("RE-9a", 2)], ["RE-9", "RE-9a", "RE-10"]),
        ([("2026-1000000", 2), ("2026-000501", 2)], ["2026-000501", "2026-1000000"]),
        ([("1", 2), ("2", 1)], ["2", "1"]),  # the day of issue comes first
        ([("A/2/10", 2), ("A/10/1", 2), ("A/2/9", 2)], ["A/2/9", "A/2/10", "A/10/1"]),
    ],
)
def test_own_numbers_are_compared_as_people_read_them(books, account, documents, order):
    for number, day in documents:
        books.bill(account, 100, number=number, issued_on=date(2026, 3, day), due_date=DUE)
    books.pay(account, 100 * len(order))
    assert paid(books) == order
    items = list_items(books.session, limit=50, after=None, account_id=account)["items"]
    assert [item.invoice_number for item in items] == order


def test_parts_of_an_invoice_due_on_one_day_are_paid_in_their_order(books, account):
    parts = [
        {"percent": None, "amount": amount, "net_days": 10, "due_date": None}
        for amount in range(1, 9)
    ]
    invoice = books.bill(account, 36, instalments=parts)
    instruction = {"item_id": None, "invoice_id": invoice.invoice_id, "amount": 10}
    books.pay(account, 10, instruction=[instruction])
    assert [each["amount"] for each in books.announced("AllocationMade")] == [1, 2, 3, 4]
    books.pay(account, 11)
    assert [each["amount"] for each in books.announced("AllocationMade")][4:] == [5, 6]


def test_the_parts_of_a_void_invoice_are_announced_in_their_order(books, account):
    parts = [
        {"percent": None, "amount": amount, "net_days": 90 - amount, "due_date": None}
        for amount in range(1, 9)
    ]
    books.void(books.bill(account, 36, instalments=parts))
    [void] = books.announced("InvoiceVoided")
    assert [item["amount"] for item in void["items"]] == list(range(1, 9))


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_lists_of_items_are_in_that_order_page_by_page(books, account, eight, limit):
    items = every_page(
        lambda **page: list_items(books.session, **page, account_id=account, status="open"), limit
    )
    assert [item.invoice_number for item in items] == eight


def test_the_newest_invoice_of_a_batch_is_its_last(books, account, eight):
    nothing = dict.fromkeys(
        ["status", "number", "order_id", "shipment_id", "issued_from", "issued_to"]
    )
    listed = every_page(
        lambda **page: list_invoices(books.session, **page, account_id=account, **nothing), 3
    )
    assert [invoice.number for invoice in listed] == eight[::-1]


def test_accounts_are_aged_in_the_order_of_their_numbers(books):
    numbers = ["K-10", "K-9", "K-101", "K-99"]
    for number in numbers:
        books.bill(books.open_account(number=number), 100, currency="CHF")
    asked = {"as_of": None, "known_at": None, "currency": "CHF", "account_id": None}
    rows = every_page(
        lambda **page: report_ageing(
            books.session, **asked, **page, today=books.today, now=books.now
        ),
        3,
    )
    assert [row["account_number"] for row in rows] == ["K-9", "K-10", "K-99", "K-101"]


PLACES = st.tuples(st.integers(1, 2), st.sampled_from(["RE-9", "9", "ZZ-1", "FEE", "INT"]))


@given(st.lists(PLACES, max_size=7, unique=True))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_of_equal_due_days_an_invoice_is_paid_before_what_lateness_costs(books, places):
    account = books.open_account()
    number = iter(range(9))
    for day, of in places:
        due = date(2026, 3, day)
        if of in ("FEE", "INT"):
            kind = {"FEE": "fee", "INT": "interest"}[of]
            books.assess(account, 100, kind=kind, assessed_on=due.isoformat())
        else:
            own = {"number": f"{of}-{next(number)}", "series": account}
            books.bill(account, 100, due_date=due, issued_on=due, **own)
    listed = list_items(books.session, account_id=account, limit=9, after=None)["items"]
    assert [(item.due_date.day, item.is_cost) for item in listed] == sorted(
        (day, of in ("FEE", "INT")) for day, of in places
    )
    for amount in (150, 10**6):
        found = find_oldest_items(books.session, wanted={(account, "EUR"): amount})
        assert list(found) == listed[: -(-amount // 100)]
