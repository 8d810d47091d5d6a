"""Receive payments, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from chassis.bulk import Asked, decide_each, insert_rows, refuse_one, tell_refusal
from chassis.outbox import announce
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.billing import events
from services.billing.accounts.rules import account_not_found
from services.billing.adjustments.usecases import Made, announce_made
from services.billing.allocations.rules import Share, Standing, total
from services.billing.allocations.usecases import (
    Spending,
    Spent,
    announce_spent,
    journals_of,
    spend,
)
from services.billing.external_ids.queries import find_external
from services.billing.external_ids.rules import digest, require_same
from services.billing.items.models import Item
from services.billing.items.queries import find_askable_items, find_items, find_oldest_items
from services.billing.items.rules import AccountCurrency, BalanceChange
from services.billing.items.usecases import change_balances, lock_balances
from services.billing.ledger.rules import require_past
from services.billing.ledger.usecases import post_journals
from services.billing.payments.models import Payment
from services.billing.payments.rules import receipt_journal
from services.billing.policies.rules import AllocationPolicy
from services.billing.receiving.rules import Till
from services.billing.routines.queries import find_policies
from services.billing.settling.usecases import give_along
from services.billing.tolerances.queries import LazyTolerances

Row = Mapping[str, Any]


class Received(NamedTuple):
    """A payment that is new, and what it is set against."""

    payment: Payment
    shares: Sequence[Share]

    @property
    def key(self) -> AccountCurrency:
        return self.payment.account_id, self.payment.currency


def receive_payments(
    session: Session, *, asked: Sequence[Asked], today: date, now: datetime
) -> list[Payment | Refusal]:
    """Enter money received, payment after payment, and set each against what its instruction names, else
    against the account's open items in its currency, as its policy has it; the rest is unapplied. Each
    is received or refused by itself, in a number of statements that does not grow with them. One that
    was received before under its `external_id` is that one."""
    desk = _open_desk(session, [one.values for one in asked], today, now)
    results = decide_each(session, asked, desk.receive)
    pairs = zip(asked, results, strict=True)
    new = {one: each for one, each in pairs if isinstance(each, Received)}
    if new:
        _store(session, new, now)
    return [each.payment if isinstance(each, Received) else each for each in results]


def receive_batch(
    session: Session,
    *,
    payments: Sequence[Row | Refusal],
    caller: Caller,
    today: date,
    now: datetime,
) -> dict[str, Any]:
    """Enter many payments of one caller at once. The refused ones are reported with their place and the
    reason and do not keep the others from being received."""
    request_id, trace = session.info.get("cause", ("", None))
    rows = [row for row in payments if not isinstance(row, Refusal)]
    asked = [Asked(row, caller, request_id, trace, {}) for row in rows]
    received = iter(receive_payments(session, asked=asked, today=today, now=now))
    results = [row if isinstance(row, Refusal) else next(received) for row in payments]
    reports = [_report(session, index, each) for index, each in enumerate(results)]
    refused = sum(isinstance(each, Refusal) for each in results)
    return {"received": len(results) - refused, "refused": refused, "results": reports}


class _Desk(NamedTuple):
    """Where payments are received one after the other: what was read for all of them."""

    accounts: Collection[str]
    known: dict[tuple[str, str], Payment]
    till: Till
    today: date
    now: datetime

    def receive(self, one: Asked) -> Received | Payment:
        """A payment and what it is set against; or the one that it was received as before."""
        values = one.values
        require_past(values["value_date"], today=self.today, field="value_date")
        if values["account_id"] not in self.accounts:
            raise account_not_found(values["account_id"])
        name = values["account_id"], values["external_id"]
        if name in self.known:
            require_same(self.known[name].external_digest, values, what="Payment")
            return self.known[name]
        shares = self.till.choose(values, sees_all=one.caller.sees_all)
        received = Received(_new_payment(one, shares, self.now), shares)
        self.till.take(received.key, shares=shares, unapplied=received.payment.unapplied)
        if values["external_id"] is not None:
            self.known[name] = received.payment
        return received


def _open_desk(session: Session, rows: Sequence[Row], today: date, now: datetime) -> _Desk:
    """Lock the balances that payments change, and read what they may be set against."""
    accounts = find_policies(session, account_ids={row["account_id"] for row in rows})
    wanted: defaultdict[AccountCurrency, int] = defaultdict(int)
    for row in rows:
        if row["account_id"] in accounts:
            wanted[row["account_id"], row["currency"]] += row["amount"]
    if not wanted:
        return _Desk(accounts, {}, Till({}, [], {}), today, now)
    held = lock_balances(session, keys=wanted)
    named = [(row["account_id"], row["external_id"]) for row in rows if row["external_id"]]
    known = find_external(session, Payment, named=named)
    items = _find_payable(session, wanted, accounts)
    named_items = _find_named(session, [line for row in rows for line in row["instruction"] or ()])
    tolerances = LazyTolerances(session, currencies={currency for _, currency in wanted})
    standing = {item.item_id: Standing.of(item) for item in (*items, *named_items)}
    return _Desk(
        accounts, known, Till(held, list(standing.values()), accounts, tolerances), today, now
    )


def _find_payable(
    session: Session,
    wanted: Mapping[AccountCurrency, int],
    policies: Mapping[str, AllocationPolicy],
) -> Iterator[Item]:
    """What amounts may be set against: of who pays what is due first, as far as they reach; else all."""
    oldest = {
        key: amount
        for key, amount in wanted.items()
        if policies[key[0]] == AllocationPolicy.OLDEST_DUE
    }
    yield from find_oldest_items(session, wanted=oldest)
    yield from find_askable_items(session, keys=wanted.keys() - oldest.keys())


def _find_named(session: Session, lines: Sequence[Row]) -> Sequence[Any]:
    if not lines:
        return ()
    return find_items(
        session,
        item_ids=[line["item_id"] for line in lines if line["item_id"]],
        invoice_ids=[line["invoice_id"] for line in lines if line["invoice_id"]],
    )


def _new_payment(one: Asked, shares: Sequence[Share], now: datetime) -> Payment:
    values = one.values
    return Payment(
        payment_id=new_id("pay"),
        version=1,
        **{name: values[name] for name in _GIVEN},
        external_digest=None if values["external_id"] is None else digest(values),
        unapplied=values["amount"] - total(shares),
        is_kept=values["instruction"] is not None,
        refunded=0,
        reversed=0,
        overpaid=0,
        free_from=values["value_date"],
        recorded_by=one.caller.subject,
        recorded_at=now,
    )


_MONEY = ("account_id", "currency", "amount")
_GIVEN = (*_MONEY, "value_date", "method", "reference", "external_id")
_STORED = (
    *(
        "payment_id",
        "version",
        *_GIVEN,
        "external_digest",
        "unapplied",
        "is_kept",
        "refunded",
        "reversed",
        "overpaid",
    ),
    *("free_from", "recorded_by", "recorded_at"),
)


def _store(session: Session, new: Mapping[Asked, Received], now: datetime) -> None:
    """Store payments with what they are set against, post them, and announce each in the name of whoever
    asked for it."""
    insert_rows(session, Payment, [_values(each.payment, _STORED) for each in new.values()])
    spendings = [Spending(payment, shares, payment.recorded_by) for payment, shares in new.values()]
    spends = spend(session, spendings=spendings, now=now)
    given = give_along(session, spendings=spendings, spent=spends, now=now)
    spent = dict(zip(new, zip(spends, given, strict=True), strict=True))
    journals = []
    for one, (payment, _) in new.items():
        told = _values(payment, ("payment_id", *_MONEY, "value_date"))
        journals += [receipt_journal(**told), *journals_of(payment, spent[one][0].rows)]
    post_journals(session, journals=journals, now=now)
    decide_each(session, new, lambda one: _announce(session, new[one].payment, *spent[one]))
    changes: defaultdict[AccountCurrency, BalanceChange] = defaultdict(BalanceChange)
    for each in new.values():
        changes[each.key].open -= total(each.shares)
        changes[each.key].unapplied += each.payment.unapplied
    change_balances(session, changes=changes)


def _announce(session: Session, payment: Payment, spent: Spent, given: Sequence[Made]) -> None:
    told = ("payment_id", "version", *_MONEY, "value_date", "method", "reference")
    announce(session, events.PaymentReceived, **_values(payment, told))
    announce_spent(session, spent)
    for made in given:
        announce_made(session, made)


def _values(payment: Payment, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(payment, name) for name in names}


def _report(session: Session, index: int, result: Payment | Refusal) -> dict[str, Any]:
    if isinstance(result, Refusal):
        return {"index": index, **tell_refusal(refuse_one(session, result))}
    return {"index": index, **_values(result, ("payment_id", "allocated", "unapplied"))}
