"""Many payments at once come to what they come to one after the other."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.billing.allocations.models import Allocation
from services.billing.invoices.models import Invoice
from services.billing.items.models import AccountBalance, Item
from services.billing.ledger.models import JournalEntry
from services.billing.payments.models import Payment
from services.billing.policies.rules import AllocationPolicy
from services.billing.receiving.usecases import receive_batch

pytestmark = pytest.mark.server


def told(result: Any) -> Any:
    if isinstance(result, Refusal):
        return result.code
    return result.amount, result.allocated, result.unapplied, result.external_id


def state(books: Any, accounts: list[str]) -> Any:
    """What stands in the books, but for ids and how often it changed."""
    session = books.session
    session.expire_all()
    of_items = (Item.item_id, Item.balance, Item.changed_on)
    of_invoices = (Invoice.invoice_id, Invoice.balance, Invoice.settled_on)
    of_journals = (JournalEntry.kind, JournalEntry.ledger_account, JournalEntry.amount)
    of_balances = (AccountBalance.account_id, AccountBalance.currency)
    of_balances += (AccountBalance.open, AccountBalance.unapplied)
    return [
        sorted(map(repr, session.execute(select(*columns).where(owner.in_(accounts)))))
        for columns, owner in [
            (of_items, Item.account_id),
            (of_invoices, Invoice.account_id),
            (of_balances, AccountBalance.account_id),
            ((*of_journals, JournalEntry.effective_on), JournalEntry.account_id),
        ]
    ]


def draw(chance: Random, accounts: list[str], items: list[Item]) -> dict[str, Any]:
    """A payment, sometimes with an instruction, a name of its own, or a fault."""
    row: dict[str, Any] = {"account_id": chance.choice(accounts), "amount": chance.randint(1, 400)}
    if chance.random() < 0.4:
        lines = [
            {"item_id": item.item_id, "invoice_id": None, "amount": chance.randint(1, 150)}
            for item in chance.sample(items, chance.randint(1, 2))
        ]
        row["instruction"] = lines
    if chance.random() < 0.5:
        row["external_id"] = f"P-{chance.randint(1, 3)}"
    if chance.random() < 0.1:
        row["account_id"] = new_id("acc")
    return row


@given(st.integers(0, 10**9))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_payments_that_come_together_do_what_they_do_one_by_one(books: Any, seed: int) -> None:
    chance = Random(seed)
    accounts = [books.open_account() for _ in range(2)]
    for account_id in accounts:
        books.agree(account_id, allocation_policy=chance.choice(list(AllocationPolicy)))
    for _ in range(6):
        books.bill(chance.choice(accounts), chance.randint(1, 300))
        books.assess(chance.choice(accounts), chance.randint(1, 30))
    items = list(books.session.scalars(select(Item).where(Item.account_id.in_(accounts))))
    for item in items:
        item.disputed_total = chance.choice([0, 0, 50])
        item.in_flight_total = chance.choice([0, 0, 50])
    books.session.flush()
    rows = [draw(chance, accounts, items) for _ in range(chance.randint(1, 9))]
    outcomes = []
    for groups in ([rows], [[row] for row in rows]):
        books.session.info["announced"] = []
        with books.session.begin_nested() as savepoint:
            results = [told(each) for group in groups for each in books.receive(*group)]
            names = Counter(books.announced_names())
            del names["BalanceChanged"]  # once for each account and currency in a transaction
            outcomes.append((results, names, state(books, accounts)))
            savepoint.rollback()
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("payments", [1, 40])
@pytest.mark.parametrize("policy", ["oldest_due", "pro_rata"])
def test_payments_take_few_statements_however_many_they_are(
    books, account, payments, policy
) -> None:
    books.agree(account, allocation_policy=policy)
    for _ in range(2 * payments):
        books.bill(account, 100)
    item_ids = list(books.session.scalars(select(Item.item_id).where(Item.account_id == account)))
    line = {"item_id": item_ids[-1], "invoice_id": None, "amount": 1}
    rows = [{"account_id": account, "amount": 150, "external_id": str(n)} for n in range(payments)]
    rows[-1]["instruction"] = [line]
    with books.counted() as sent:
        books.receive(*rows)
    assert len(sent) <= 12, "\n".join(sent)


def test_a_payment_that_settles_many_items_takes_few_statements(books, account) -> None:
    for _ in range(30):
        books.bill(account, 100)
    with books.counted() as sent:
        books.receive({"account_id": account, "amount": 3000})
    assert books.balance(account) == (0, 0)
    assert len(sent) <= 10, "\n".join(sent)


FIRST_OF_JUNE, TENTH_OF_JULY = date(2026, 6, 1), date(2026, 7, 10)


@pytest.mark.parametrize(
    ("policy", "source", "paid"),
    [
        (
            "oldest_due",
            "ours",
            [("invoice", FIRST_OF_JUNE, 18000), ("invoice", TENTH_OF_JULY, 32000)],
        ),
        (
            "by_type",
            "policy",
            [
                *(("fee", TENTH_OF_JULY, 1500), ("interest", TENTH_OF_JULY, 460)),
                *(("invoice", FIRST_OF_JUNE, 18000), ("invoice", TENTH_OF_JULY, 30040)),
            ],
        ),
        (
            "costs_interest_principal",
            "law",
            [
                *(("fee", TENTH_OF_JULY, 1500), ("interest", TENTH_OF_JULY, 460)),
                *(("invoice", FIRST_OF_JUNE, 18000), ("invoice", TENTH_OF_JULY, 30040)),
            ],
        ),
        (
            "pro_rata",
            "policy",
            [
                *(("invoice", FIRST_OF_JUNE, 14526), ("invoice", TENTH_OF_JULY, 33893)),
                *(("fee", TENTH_OF_JULY, 1210), ("interest", TENTH_OF_JULY, 371)),
            ],
        ),
    ],
)
def test_money_pays_what_the_accounts_policy_says_and_who_decided_is_kept(
    books, account, policy, source, paid
) -> None:
    books.agree(account, allocation_policy=policy)
    books.bill(account, 18000, due_date=FIRST_OF_JUNE)
    books.bill(account, 42000, due_date=TENTH_OF_JULY)
    books.today = TENTH_OF_JULY
    books.assess(account, 1500)
    books.assess(account, 460, kind="interest")
    books.today = date(2026, 7, 20)
    payment = books.pay(account, 50000)
    made = books.session.execute(
        select(Item.kind, Item.due_date, Allocation.amount, Allocation.source)
        .join(Item, Item.item_id == Allocation.item_id)
        .where(Allocation.payment_id == payment.payment_id)
        .order_by(Allocation.allocation_id)
    )
    assert list(made) == [(*each, source) for each in paid]
    assert books.balance(account) == (61960 - 50000, 0)


def test_a_payment_known_by_its_name_is_not_received_again(books, account) -> None:
    row = {"account_id": account, "amount": 100, "external_id": "P-1"}
    [first, same, other] = books.receive(row, row, row | {"amount": 200})
    assert (same.payment_id, told(other)) == (first.payment_id, "external_id_used")
    [again, of_another, unnamed] = books.receive(
        row, row | {"account_id": books.open_account()}, row | {"external_id": None}
    )
    assert again.payment_id == first.payment_id
    assert len({first.payment_id, of_another.payment_id, unnamed.payment_id}) == 3
    assert books.balance(account) == (0, 200)


def batch(books: Any, *rows: Any) -> Any:
    usual = {"currency": "EUR", "value_date": books.today, "method": "transfer"}
    usual |= {"reference": None, "external_id": None, "instruction": None}
    payments = [row if isinstance(row, Refusal) else usual | row for row in rows]
    caller = Caller("importer", frozenset({"*"}))
    return receive_batch(
        books.session, payments=payments, caller=caller, today=books.today, now=books.now
    )


def test_of_a_batch_each_is_received_or_refused_in_its_place(books, account) -> None:
    books.bill(account, 250)
    good = {"account_id": account, "amount": 200, "external_id": "P-1"}
    unreadable = Refusal("invalid_fields", "Amounts are whole.")
    result = batch(
        books,
        good,
        unreadable,
        {"account_id": new_id("acc"), "amount": 1},
        {**good, "external_id": None},
    )
    assert (result["received"], result["refused"]) == (2, 2)
    assert [each["index"] for each in result["results"]] == [0, 1, 2, 3]
    assert [each.get("code") for each in result["results"]] == [
        None,
        "invalid_fields",
        "account_not_found",
        None,
    ]
    amounts = [(each.get("allocated"), each.get("unapplied")) for each in result["results"]]
    assert (amounts[0], amounts[3]) == ((200, 0), (50, 150))
    repeated = batch(books, good)["results"][0]
    assert repeated["payment_id"] == result["results"][0]["payment_id"]
    received = books.session.get_one(Payment, repeated["payment_id"])
    assert received.recorded_by == "importer"
    assert books.balance(account) == (0, 150)
    books.check_constraints()
