"""Open items and balances, read."""

from datetime import date
from random import Random

import pytest
from sqlalchemy import select

from kernel.ids import new_id
from kernel.refusals import NotFound
from services.billing.items.models import Item
from services.billing.items.queries import find_oldest_items, get_balance, list_items

pytestmark = pytest.mark.server


def test_a_balance_says_what_is_overdue(books, account):
    books.bill(account, 1000, due_date=date(2026, 3, 2))
    books.bill(account, 500, due_date=date(2026, 3, 3))
    books.pay(account, 100)

    def overdue():
        [euros] = get_balance(books.session, account_id=account, today=books.today)["balances"]
        return euros["overdue"], euros["open"]

    assert overdue() == (0, 1400)
    books.wait(1)
    assert overdue() == (900, 1400)
    books.wait(1)
    assert overdue() == (1400, 1400)


def test_an_account_never_billed_owes_nothing_and_an_unknown_one_is_not_found(books, account):
    assert get_balance(books.session, account_id=account, today=books.today)["balances"] == []
    with pytest.raises(NotFound):
        get_balance(books.session, account_id=new_id("acc"), today=books.today)


def test_items_are_listed_by_due_date_page_by_page(books, account):
    days = [date(2026, 5, 1), date(2026, 4, 1), date(2026, 4, 1), date(2026, 3, 2)]
    for day in days:
        books.bill(account, 100, due_date=day)
    found, after = [], None
    while True:
        page = list_items(books.session, limit=1, after=after, account_id=account)
        found += [item.due_date for item in page["items"]]
        if not page["has_more"]:
            break
        after = page["next_after"]
    assert found == sorted(days)


def test_items_are_filtered_by_status_and_due_date(books, account):
    paid = books.bill(account, 100, due_date=date(2026, 4, 1))
    void = books.void(books.bill(account, 100, due_date=date(2026, 4, 1)))
    still_open = books.bill(account, 100, due_date=date(2026, 4, 2))
    books.pay(account, 100)

    def listed(**facts):
        page = list_items(books.session, limit=10, after=None, account_id=account, **facts)
        return [item.invoice_id for item in page["items"]]

    assert listed(status="paid") == [paid.invoice_id]
    assert listed(status="void") == [void.invoice_id]
    assert listed(status="open") == [still_open.invoice_id]
    assert listed(due_before=date(2026, 4, 2), status="open") == []
    assert listed(currency="USD") == []


@pytest.mark.parametrize(
    ("amount", "reached"), [(1, 1), (100, 1), (101, 2), (200, 2), (201, 3), (999, 3)]
)
def test_only_as_many_items_are_read_as_an_amount_reaches(books, account, amount, reached):
    for _ in range(3):
        books.bill(account, 100)
    found = find_oldest_items(books.session, wanted={(account, "EUR"): amount})
    assert len(found) == reached


def test_what_is_wanted_of_several_accounts_is_found_at_once_without_what_is_not_asked_for(
    books, account
):
    chance = Random(3)
    accounts = [account, books.open_account()]
    for _ in range(24):
        day = date(2026, 4, chance.randint(1, 3))
        books.bill(chance.choice(accounts), chance.randint(1, 9) * 100, due_date=day)
    for item in books.session.scalars(select(Item).where(Item.account_id.in_(accounts))):
        item.disputed_total = chance.choice([0, 0, 100, 300, 900])
        item.in_flight_total = chance.choice([0, 0, 100])
    books.session.flush()
    for amount in (1, 300, 1000, 10**6):
        wanted = {(account_id, "EUR"): amount for account_id in accounts}
        found = find_oldest_items(books.session, wanted=wanted)
        assert list(found) == [
            item for account_id in accounts for item in reach(books.session, account_id, amount)
        ]


def reach(session, account_id, amount):
    """What an amount reaches of an account's items, looked at one after the other."""
    page = list_items(session, limit=100, after=None, account_id=account_id, status="open")
    for item in page["items"]:
        if amount > 0 and item.askable:
            amount -= item.askable
            yield item
