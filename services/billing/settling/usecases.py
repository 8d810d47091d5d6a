"""Set payments and credit notes against items, with what is given up along with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.refusals import Conflict
from services.billing.adjustments.models import Adjustment
from services.billing.adjustments.rules import AdjustmentKind
from services.billing.adjustments.usecases import (
    Adjusting,
    Made,
    adjust,
    announce_made,
    take_back,
)
from services.billing.allocations.models import Allocatable, Allocation
from services.billing.allocations.queries import find_along, find_discounts, find_lost_discounts
from services.billing.allocations.rules import (
    AllocationSource,
    Share,
    by_instruction,
    by_policy,
    close_differences,
    give_discounts,
    total,
)
from services.billing.allocations.usecases import (
    Spending,
    Spent,
    announce_spent,
    journals_of,
    keep,
    release,
    reverse_allocations,
    spend,
    use,
)
from services.billing.invoices.models import Invoice
from services.billing.items.models import Item
from services.billing.items.queries import find_items, find_oldest_items
from services.billing.items.rules import BalanceChange
from services.billing.items.usecases import change_balances
from services.billing.ledger.rules import Journal
from services.billing.ledger.usecases import post_journals
from services.billing.policies.rules import AllocationPolicy
from services.billing.settling import rules
from services.billing.tolerances.queries import LazyTolerances


def allocate_oldest(session: Session, *, fund: Allocatable, now: datetime, by: str) -> None:
    """Set what is unapplied against the account's open items, oldest due first; what is left is so set by
    itself, as soon as more is owed."""
    _require_unapplied(fund)
    release(fund)
    key = fund.account_id, fund.currency
    items = find_oldest_items(session, wanted={key: fund.unapplied})
    oldest = AllocationPolicy.OLDEST_DUE
    _apply(session, fund, by_policy(oldest, fund.unapplied, items, paid_on=fund.paid_on), now, by)


def allocate_instructed(
    session: Session,
    *,
    fund: Allocatable,
    instruction: Sequence[Mapping[str, Any]],
    now: datetime,
    by: str,
) -> None:
    """Set what is unapplied against items as instructed; what is not mentioned stays unapplied."""
    _require_unapplied(fund)
    keep(fund)
    items = find_items(
        session,
        item_ids=[line["item_id"] for line in instruction if line["item_id"]],
        invoice_ids=[line["invoice_id"] for line in instruction if line["invoice_id"]],
    )
    shares = by_instruction(
        instruction,
        items,
        account_id=fund.account_id,
        currency=fund.currency,
        amount=fund.unapplied,
        paid_on=fund.paid_on,
    )
    _apply(session, fund, shares, now, by)


def settle(
    session: Session, *, fund: Allocatable, shares: Sequence[Share], now: datetime, by: str
) -> list[Journal]:
    """Set shares of a payment or credit note against items, and give up what goes along with them, and
    what payments leave that is too little to ask for. What is unapplied of it, and the account's balance
    as far as it is paid, are the caller's to change; so are the returned journals to post."""
    if fund.paid_on is not None:
        tolerances = LazyTolerances(session, currencies={fund.currency})
        shares = close_differences(shares, tolerances)
    return _settle(session, fund, shares, now, by)


def _settle(
    session: Session, fund: Allocatable, shares: Sequence[Share], now: datetime, by: str
) -> list[Journal]:
    spendings = [Spending(fund, shares, by)]
    spent = spend(session, spendings=spendings, now=now)
    [given] = give_along(session, spendings=spendings, spent=spent, now=now)
    announce_spent(session, spent[0])
    for made in given:
        announce_made(session, made)
    return journals_of(fund, spent[0].rows)


def give_along(
    session: Session, *, spendings: Sequence[Spending], spent: Sequence[Spent], now: datetime
) -> list[list[Made]]:
    """Give up what goes along with shares that are stored, for each fund, in a number of statements that
    does not grow with them; none where nothing does. They are the caller's to announce."""
    adjustings = [
        [
            adjusting
            for share, row in zip(each.shares, of.rows, strict=True)
            for adjusting in _give(share, row["allocation_id"], row["effective_on"], each.by)
        ]
        for each, of in zip(spendings, spent, strict=True)
    ]
    flat = [adjusting for each in adjustings for adjusting in each]
    made = iter(adjust(session, adjustings=flat, now=now) if flat else ())
    return [[next(made) for _ in each] for each in adjustings]


def take_off_paid(
    session: Session,
    *,
    fund: Allocatable,
    allocations: Sequence[Allocation],
    reversed_on: date,
    reversal_id: str | None = None,
    now: datetime,
    by: str,
) -> list[Journal]:
    """As `reverse_allocations`; what was given up along with them is owed again, too."""
    paid_ids = [each.allocation_id for each in allocations]
    for given in find_along(session, with_ids=paid_ids):
        _take_back(session, given, reversed_on, "What was paid is taken back.", now, by)
    return reverse_allocations(
        session,
        fund=fund,
        allocations=allocations,
        reversed_on=reversed_on,
        reversal_id=reversal_id,
        now=now,
        by=by,
    )


def renew_allocation(
    session: Session,
    *,
    fund: Allocatable,
    allocation: Allocation,
    amount: int,
    now: datetime,
    by: str,
) -> list[Journal]:
    """Set what is kept of an allocation that was reversed against its item again; it is unapplied no
    longer. However little was taken back is owed. The account's balance is the caller's to change; so are
    the returned journals to post."""
    if amount == 0:
        return []
    use(fund, amount=amount)
    [item] = find_items(session, item_ids=[allocation.item_id])
    shares = give_discounts([Share(item, amount, allocation.source)], paid_on=fund.paid_on)
    return _settle(session, fund, shares, now, by)


def turn_discounts_round(
    session: Session,
    invoice: Invoice,
    *,
    credited: int,
    left: int,
    turned_on: date,
    now: datetime,
    by: str,
) -> None:
    """Have what was given up of a locked invoice owed again, in proportion of what is credited of what is
    not owed any more; `left` is what there was to credit."""
    given = find_discounts(session, invoice_id=invoice.invoice_id)
    turned = rules.discount_to_turn(
        credited, owed=invoice.balance, left=left, given=sum(each.amount for each in given)
    )
    chosen, rest = rules.choose_last(turned, given)
    for each in chosen:
        _take_back(session, each, turned_on, "What was discounted is credited.", now, by)
    if chosen and rest:
        assert chosen[0].with_id is not None
        items = {item.item_id: item for item in find_items(session, item_ids=[chosen[0].item_id])}
        kept = [(items[chosen[0].item_id], rest, chosen[0].with_id)]
        _give_again(session, kept, turned_on, now, by)


def give_discounts_again(
    session: Session, *, opened: Mapping[str, int], given_on: date, now: datetime, by: str
) -> None:
    """Give the discounts again that were turned round with a credit note that is void, at most what is
    owed again of each item by that."""
    left = dict(opened)
    items = {item.item_id: item for item in find_items(session, item_ids=list(opened))}
    again = []
    for row in find_lost_discounts(session, item_ids=list(opened)):
        amount = min(int(row.lost), left[row.item_id], items[row.item_id].balance)
        if amount > 0:
            left[row.item_id] -= amount
            again.append((items[row.item_id], amount, row.with_id))
    _give_again(session, again, given_on, now, by)


def _give_again(
    session: Session,
    given: Iterable[tuple[Item, int, str]],
    day: date,
    now: datetime,
    by: str,
) -> None:
    discount = AllocationSource.EARLY_PAYMENT_DISCOUNT
    adjustings = [
        _discount([Share(item, amount, discount, with_id=with_id)], day, by)
        for item, amount, with_id in given
    ]
    for made in adjust(session, adjustings=adjustings, now=now) if adjustings else ():
        announce_made(session, made)


def _give(share: Share, allocation_id: str, day: date, by: str) -> Iterator[Adjusting]:
    """What goes along with a share that is stored."""
    if share.discount:
        source = AllocationSource.EARLY_PAYMENT_DISCOUNT
        given = Share(share.item, share.discount, source, with_id=allocation_id)
        yield _discount([given], day, by)
    if share.difference:
        source = AllocationSource.PAYMENT_DIFFERENCE
        given = Share(share.item, share.difference, source, with_id=allocation_id)
        kind, why = AdjustmentKind.PAYMENT_DIFFERENCE, "Too little is missing to ask for it."
        yield Adjusting(kind, [given], day, why, by)


def _discount(shares: Sequence[Share], day: date, by: str) -> Adjusting:
    return Adjusting(
        AdjustmentKind.EARLY_PAYMENT_DISCOUNT, shares, day, "Paid early, by its terms.", by
    )


def _take_back(
    session: Session, given: Allocation, day: date, reason: str, now: datetime, by: str
) -> None:
    adjustment = session.get_one(Adjustment, given.adjustment_id, with_for_update=True)
    take_back(session, adjustment, reversed_on=day, reason=reason, now=now, by=by)


def _require_unapplied(fund: Allocatable) -> None:
    if fund.unapplied == 0:
        raise Conflict("nothing_unapplied", "All of it is allocated or refunded already.")


def _apply(
    session: Session, fund: Allocatable, shares: Sequence[Share], now: datetime, by: str
) -> None:
    if not shares:
        return
    applied = total(shares)
    use(fund, amount=applied)
    journals = settle(session, fund=fund, shares=shares, now=now, by=by)
    post_journals(session, journals=journals, now=now)
    change = BalanceChange(open=-applied, unapplied=-applied)
    change_balances(session, changes={(fund.account_id, fund.currency): change})
