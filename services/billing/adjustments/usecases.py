"""Give up what is owed, and take that back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import Rows, each_by_itself, insert_rows
from chassis.database import fetch, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id, new_ids
from kernel.refusals import Refusal
from services.billing.accounts.queries import find_accounts
from services.billing.accounts.rules import account_not_found
from services.billing.adjustments import events, rules
from services.billing.adjustments.models import Adjustment, AdjustmentRate
from services.billing.adjustments.queries import find_booked
from services.billing.adjustments.rules import AdjustmentKind, Part, RatePart
from services.billing.allocations.queries import find_standing
from services.billing.allocations.rules import AllocationSource, Share, Standing, total
from services.billing.allocations.usecases import (
    Spending,
    Spent,
    announce_spent,
    journals_of,
    spend,
    take_off,
)
from services.billing.invoices.models import Invoice, InvoiceRate
from services.billing.invoices.rules import kind_of
from services.billing.invoices.usecases import lock_invoice
from services.billing.items.models import Item
from services.billing.items.queries import find_items
from services.billing.items.rules import AccountCurrency, BalanceChange
from services.billing.items.usecases import change_balances, lock_balances
from services.billing.ledger.rules import choose_day
from services.billing.ledger.usecases import post_journals


def book_write_offs(session: Session, told: Rows, *, today: date, now: datetime, by: str) -> None:
    """Give up what collections approved, as far as it is still owed, or announce why not; as if one came
    after the other, in a number of statements that does not grow with them. Once for each write-off that
    is booked, whatever is repeated."""
    accounts = find_accounts(session, account_ids={one["account_id"] for one in told})
    keys = {(one["account_id"], one["currency"]) for one in told if one["account_id"] in accounts}
    if keys:
        lock_balances(session, keys=keys)
    booked = find_booked(session, write_off_ids={one["write_off_id"] for one in told})
    items = _find_standing(session, told)

    def choose(one: Mapping[str, Any]) -> Adjusting | None:
        if one["account_id"] not in accounts:
            raise account_not_found(one["account_id"])
        if one["write_off_id"] in booked:
            return None
        shares = _give_up(one, items)
        booked.add(one["write_off_id"])
        day, kind = min(one["approved_on"], today), AdjustmentKind.WRITE_OFF
        return Adjusting(kind, shares, day, one["reason"], by, one["write_off_id"])

    chosen = each_by_itself(session, told, choose)
    adjustings = [each for each in chosen if isinstance(each, Adjusting)]
    made = iter(adjust(session, adjustings=adjustings, now=now) if adjustings else ())
    for one, each in zip(told, chosen, strict=True):
        if isinstance(each, Refusal):
            _announce_refused(session, one, each)
        elif each is not None:
            _announce_booked(session, next(made))


def settle_item(
    session: Session, *, item_id: str, reason: str, today: date, now: datetime, by: str
) -> Adjustment:
    """Give up what is still owed of an item, however much that is."""
    found = fetch(session, Item, item_id)
    lock_balances(session, keys=[(found.account_id, found.currency)])
    items = find_items(session, item_ids=[item_id], invoice_ids=[])
    return _settle(
        session, fetch(session, Invoice, found.invoice_id), items, today, reason, now, by
    )


def settle_invoice(
    session: Session, *, invoice_id: str, reason: str, today: date, now: datetime, by: str
) -> Adjustment:
    """Give up what is still owed of an invoice, however much that is."""
    invoice = lock_invoice(session, invoice_id=invoice_id)
    items = find_items(session, item_ids=[], invoice_ids=[invoice_id])
    return _settle(session, invoice, items, today, reason, now, by)


def reverse_adjustment(
    session: Session,
    *,
    adjustment_id: str,
    reversed_on: date | None,
    reason: str,
    today: date,
    now: datetime,
    by: str,
) -> Adjustment:
    """Take an adjustment back: what was given up is owed again."""
    found = fetch(session, Adjustment, adjustment_id)
    rules.require_given_up(found.payment_id, adjustment_id=adjustment_id)
    lock_balances(session, keys=[(found.account_id, found.currency)])
    adjustment = fetch_for_change(session, Adjustment, adjustment_id)
    rules.require_standing(adjustment)
    day = choose_day(reversed_on, earliest=adjustment.adjusted_on, today=today, field="reversed_on")
    return take_back(session, adjustment, reversed_on=day, reason=reason, now=now, by=by)


def take_back(
    session: Session,
    adjustment: Adjustment,
    *,
    reversed_on: date,
    reason: str,
    now: datetime,
    by: str,
) -> Adjustment:
    """Have what a standing adjustment of locked balances gave up owed again, from a day on or, where that
    is later, the day from which it was given up."""
    day = max(reversed_on, adjustment.adjusted_on)
    mark_reversed(session, adjustment, reversed_on=day, reason=reason, now=now, by=by)
    standing = find_standing(session, adjustment_id=adjustment.adjustment_id)
    journals = take_off(
        session, source=adjustment, allocations=standing, reversed_on=day, now=now, by=by
    )
    post_journals(session, journals=journals, now=now)
    key = adjustment.account_id, adjustment.currency
    change_balances(session, changes={key: BalanceChange(open=adjustment.amount)})
    return adjustment


def mark_reversed(
    session: Session,
    adjustment: Adjustment,
    *,
    reversed_on: date,
    reason: str,
    now: datetime,
    by: str,
) -> None:
    """Note and announce that a standing adjustment is taken back; what becomes of its amount is the
    caller's affair."""
    adjustment.reversed_on, adjustment.reversed_at = reversed_on, now
    adjustment.reversed_by, adjustment.reversal_reason = by, reason
    session.flush()
    facts = _facts_of(adjustment)
    announce(session, events.AdjustmentReversed, **facts, reversed_on=reversed_on, reason=reason)


def record_overpayment(
    session: Session,
    *,
    account_id: str,
    currency: str,
    payment_id: str,
    amount: int,
    adjusted_on: date,
    reason: str,
    now: datetime,
    by: str,
) -> Adjustment:
    """Note and announce what came too much with a payment and is ours; posting it, and what is unapplied
    of the payment and the account, are the caller's affair."""
    adjustment = Adjustment(
        adjustment_id=new_id("adj"),
        account_id=account_id,
        kind=AdjustmentKind.OVERPAYMENT,
        payment_id=payment_id,
        currency=currency,
        amount=amount,
        **dict.fromkeys(rules.COMPONENTS, 0) | {"net": amount},
        adjusted_on=adjusted_on,
        reason=reason,
        recorded_by=by,
        recorded_at=now,
    )
    session.add(adjustment)
    session.flush()
    _announce_made(session, adjustment)
    return adjustment


class Adjusting(NamedTuple):
    """What is to be given up of items of one account and currency, from which day on, and by whom."""

    kind: AdjustmentKind
    shares: Sequence[Share]
    adjusted_on: date
    reason: str
    by: str
    write_off_id: str | None = None


class Made(NamedTuple):
    """An adjustment that is stored and not announced yet, with what of it was set against what."""

    adjustment: Adjustment
    spent: Spent


def adjust(session: Session, *, adjustings: Sequence[Adjusting], now: datetime) -> list[Made]:
    """Give up what is owed of locked balances, in a number of statements that does not grow with it:
    stored, set against items and posted. They are the caller's to announce."""
    rates = _find_rates(session, adjustings)
    components = [
        rules.sum_rates(of) if of else found
        for of, found in zip(rates, _divide(session, adjustings), strict=True)
    ]
    ids = new_ids("adj", len(adjustings))
    new = [_new(*each, now) for each in zip(ids, adjustings, components, strict=True)]
    insert_rows(
        session, Adjustment, [{name: getattr(each, name) for name in _STORED} for each in new]
    )
    insert_rows(
        session,
        AdjustmentRate,
        [
            {"adjustment_id": each.adjustment_id, **rate._asdict()}
            for each, of in zip(new, rates, strict=True)
            for rate in of
        ],
    )
    spendings = [
        Spending(adjustment, each.shares, each.by)
        for adjustment, each in zip(new, adjustings, strict=True)
    ]
    spent = spend(session, spendings=spendings, now=now)
    pairs = list(zip(new, spent, strict=True))
    journals = [journal for each, of in pairs for journal in journals_of(each, of.rows)]
    post_journals(session, journals=journals, now=now)
    changes: defaultdict[AccountCurrency, BalanceChange] = defaultdict(BalanceChange)
    for each in new:
        changes[each.account_id, each.currency].open -= each.amount
    change_balances(session, changes=changes)
    return [Made(*pair) for pair in pairs]


def announce_made(session: Session, made: Made) -> None:
    """Announce an adjustment, and then what was set against what."""
    _announce_made(session, made.adjustment)
    announce_spent(session, made.spent)


def _announce_made(session: Session, adjustment: Adjustment) -> None:
    announce(
        session,
        events.AdjustmentMade,
        **_facts_of(adjustment),
        adjusted_on=adjustment.adjusted_on,
        components=_components_of(adjustment),
        reason=adjustment.reason,
    )


def _announce_booked(session: Session, made: Made) -> None:
    announce_made(session, made)
    adjustment = made.adjustment
    names = ("account_id", "write_off_id", "adjustment_id", "currency", "amount")
    announce(
        session,
        events.WriteOffBooked,
        **{name: getattr(adjustment, name) for name in names},
        components=_components_of(adjustment),
        booked_on=adjustment.adjusted_on,
    )


def _announce_refused(session: Session, one: Mapping[str, Any], refusal: Refusal) -> None:
    told = {"account_id": one["account_id"], "write_off_id": one["write_off_id"]}
    announce(session, events.WriteOffRefused, **told, code=refusal.code, reason=refusal.detail)


def _find_standing(session: Session, told: Rows) -> dict[str, Standing]:
    item_ids = {line["item_id"] for one in told for line in one["items"]}
    return {item.item_id: Standing.of(item) for item in find_items(session, item_ids=item_ids)}


def _give_up(one: Mapping[str, Any], items: Mapping[str, Standing]) -> list[Share]:
    """What is given up, of which so much less is owed."""
    asked = [line["item_id"] for line in one["items"]]
    rules.require_items(items, asked, account_id=one["account_id"], currency=one["currency"])
    shares = rules.give_up(one["items"], items, source=AllocationSource.WRITE_OFF)
    for share in shares:
        items[share.item.item_id].balance -= share.amount
    return shares


def _settle(
    session: Session,
    invoice: Invoice,
    items: Sequence[Item],
    today: date,
    reason: str,
    now: datetime,
    by: str,
) -> Adjustment:
    kind = AdjustmentKind.PAYMENT_DIFFERENCE
    shares = rules.settle(items, status=invoice.status, name=invoice.name)
    return _adjust(session, Adjusting(kind, shares, today, reason, by), now)


def _adjust(session: Session, adjusting: Adjusting, now: datetime) -> Adjustment:
    """Record an adjustment of locked balances, and announce it."""
    [made] = adjust(session, adjustings=[adjusting], now=now)
    announce_made(session, made)
    return session.get_one(Adjustment, made.adjustment.adjustment_id)


def _new(
    adjustment_id: str, adjusting: Adjusting, components: Mapping[str, int], now: datetime
) -> Adjustment:
    item = adjusting.shares[0].item
    return Adjustment(
        adjustment_id=adjustment_id,
        version=1,
        account_id=item.account_id,
        kind=adjusting.kind,
        write_off_id=adjusting.write_off_id,
        currency=item.currency,
        amount=total(adjusting.shares),
        **components,
        adjusted_on=adjusting.adjusted_on,
        reason=adjusting.reason,
        recorded_by=adjusting.by,
        recorded_at=now,
    )


def _divide(session: Session, adjustings: Sequence[Adjusting]) -> list[dict[str, int]]:
    """Of what components each is."""
    invoice_ids = {share.item.invoice_id for each in adjustings for share in each.shares}
    found = session.execute(
        select(Invoice.invoice_id, Invoice.total, Invoice.tax, Invoice.series).where(
            Invoice.invoice_id.in_(invoice_ids)
        )
    )
    documents = {row.invoice_id: row for row in found}
    return [
        rules.components_of(
            Part(kind_of(row.series), share.amount, row.total, row.tax)
            for share in each.shares
            for row in [documents[share.item.invoice_id]]
        )
        for each in adjustings
    ]


def _find_rates(session: Session, adjustings: Sequence[Adjusting]) -> list[list[RatePart]]:
    """What of each is of which rate of its invoice, where it lowers tax."""
    discounts = [
        share
        for each in adjustings
        if each.kind is AdjustmentKind.EARLY_PAYMENT_DISCOUNT
        for share in each.shares
    ]
    rates: defaultdict[str, list[InvoiceRate]] = defaultdict(list)
    if discounts:
        of_invoices = select(InvoiceRate).where(
            InvoiceRate.invoice_id.in_({share.item.invoice_id for share in discounts})
        )
        by = InvoiceRate.invoice_id, InvoiceRate.tax_percent, InvoiceRate.tax_code
        for rate in session.scalars(of_invoices.order_by(*by)):
            rates[rate.invoice_id].append(rate)
    return [
        rules.divide_by_rate(total(each.shares), rates[each.shares[0].item.invoice_id])
        if each.kind is AdjustmentKind.EARLY_PAYMENT_DISCOUNT
        else []
        for each in adjustings
    ]


_STORED = (
    *("adjustment_id", "version", "account_id", "kind", "write_off_id", "currency", "amount"),
    *(*rules.COMPONENTS, "adjusted_on", "reason", "recorded_by", "recorded_at"),
)


def _facts_of(adjustment: Adjustment) -> dict[str, Any]:
    same = "account_id adjustment_id kind currency amount".split()
    return {name: getattr(adjustment, name) for name in same}


def _components_of(adjustment: Adjustment) -> dict[str, int]:
    return {name: getattr(adjustment, name) for name in rules.COMPONENTS}
