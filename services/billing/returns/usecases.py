"""Credit what came back, or say why it cannot be; many returns at once, in a number of statements that
does not grow with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import Rows, each_by_itself, insert_new_rows, insert_rows, refusal_of
from chassis.outbox import announce
from kernel.refusals import Refusal
from services.billing.advances.queries import find_payers_ahead
from services.billing.advances.rules import AccountOrder
from services.billing.allocations.queries import find_discounted
from services.billing.billables.rules import BillableKind
from services.billing.billables.usecases import add_billables, cancel_billables
from services.billing.credit_batches.usecases import (
    issue_one_by_one,
    issue_written,
    lock_credited,
    open_writer,
)
from services.billing.crediting.rules import RESTOCKING_FEE
from services.billing.credits.models import CreditNote
from services.billing.credits.rules import Desk, NewNote
from services.billing.drafts.queries import find_drafted
from services.billing.drafts.usecases import take_off_drafts
from services.billing.returns import events, queries, rules
from services.billing.returns.models import AcceptedReturn, ReturnedLine
from services.billing.returns.rules import Accepted, LineKey, Settlement, TakenOff
from services.billing.shipments.queries import Shipped, sum_shipped
from services.billing.taxes.rules import TaxRate


@dataclass(slots=True, kw_only=True)
class _Found:
    """What was read for returns that are settled together."""

    shipped: Mapping[tuple[str, str], Shipped]
    goods: rules.Goods
    taken_off: Mapping[str, Sequence[TakenOff]]
    drafted: set[LineKey]
    invoice_ids: set[str]
    discounted: set[str]

    def is_alone(self, one: Accepted) -> bool:
        """Whether it is settled by itself: drafts are rewritten for it, or discounts turned round."""
        invoice_ids = {
            line.invoice_id for key in one.keys for line in self.goods.billed.get(key, ())
        }
        ahead = {off.advance_id for each in invoice_ids for off in self.taken_off.get(each, ())}
        return not self.drafted.isdisjoint(one.keys) or not self.discounted.isdisjoint(
            invoice_ids | ahead
        )


@dataclass(slots=True)
class _Settled:
    """What becomes of a return, and its credit notes, with their ids when they are issued."""

    of: Accepted
    settlement: Settlement
    notes: Sequence[NewNote | CreditNote]
    credit_note_ids: list[str] = field(default_factory=list)

    @property
    def facts(self) -> dict[str, Any]:
        """What is said of it."""
        return {
            "credit_note_ids": self.credit_note_ids,
            "credited": _listed(self.settlement.credited),
            "not_billed": _listed(self.settlement.not_billed),
        }


def credit_returns(session: Session, told: Rows, *, today: date, now: datetime, by: str) -> None:
    """Credit what was billed of goods that came back, by a credit note for each invoice, and have what
    was not billed no more; or refuse it with a reason; as if one return came after the other. Each part
    of one once, whatever is repeated: a credit note that somebody issued for it before is the answer."""
    accepted = [rules.accept(one) for one in told]
    _lock(session, accepted)
    known = queries.find_answered(session, parts={one.name for one in accepted})
    first: dict[tuple[str, int], Accepted] = {}
    for one in accepted:
        if one.name not in known:
            first.setdefault((one.return_id, one.part), one)
    new = list(first.values())
    if not new:
        return
    found = _find(session, new)
    for is_alone, own in groupby(new, key=found.is_alone):
        for some in ([one] for one in own) if is_alone else [list(own)]:
            of_them = found if len(some) == len(new) else _find(session, some)
            _answer(session, some, of_them, today=today, now=now, by=by)


def _lock(session: Session, accepted: Sequence[Accepted]) -> None:
    orders = {AccountOrder(one.order_id, one.account_id, one.currency) for one in accepted}
    order_line_ids = {line.order_line_id for one in accepted for line in one.lines}
    owed = {(one.account_id, one.currency) for one in accepted}
    owed |= queries.find_payers_of_lines(session, order_line_ids=order_line_ids)
    owed |= find_payers_ahead(session, orders=orders)
    lock_credited(session, free=_free(accepted), keys=owed)


def _free(accepted: Sequence[Accepted]) -> list[dict[str, Any]]:
    """Whom credit notes are for that name no invoice."""
    return [free for one in accepted if (free := one.free) is not None]


def _find(session: Session, accepted: Sequence[Accepted]) -> _Found:
    asked: defaultdict[LineKey, Decimal] = defaultdict(Decimal)
    for one in accepted:
        for line in one.sold:
            asked[one.key_of(line)] += line.quantity
    lines = {"order_line_ids": {key.order_line_id for key in asked}}
    billed = {
        key: list(rules.within_reach(own, asked[key]))
        for key, own in queries.find_billed_lines(session, **lines).items()
        if key in asked
    }
    invoice_ids = {line.invoice_id for own in billed.values() for line in own}
    taken_off = queries.find_taken_off(session, invoice_ids=invoice_ids)
    invoice_ids |= {off.advance_id for own in taken_off.values() for off in own}
    return _Found(
        shipped=sum_shipped(session, **lines),
        goods=rules.Goods(queries.find_waiting_lines(session, **lines), billed),
        taken_off=taken_off,
        drafted={LineKey(*key) for key in find_drafted(session, **lines)} & asked.keys(),
        invoice_ids=invoice_ids,
        discounted=find_discounted(session, invoice_ids=invoice_ids) if invoice_ids else set(),
    )


def _answer(
    session: Session,
    accepted: Sequence[Accepted],
    found: _Found,
    *,
    today: date,
    now: datetime,
    by: str,
) -> None:
    answers: list[_Settled | Refusal] = []

    def settle() -> None:
        decide = _decide_with(session, accepted, found, today=today, now=now, by=by)
        answers.extend(each_by_itself(session, accepted, decide))
        if len(answers) == 1 and isinstance(answers[0], Refusal):
            raise answers[0]  # nothing stays of what was done for it
        settled = [each for each in answers if isinstance(each, _Settled)]
        _cancel(session, settled, today=today, now=now, by=by)
        _issue(session, settled, now=now, by=by)

    if refusal := refusal_of(session, settle):
        if len(accepted) > 1:
            raise refusal  # each is settled again by itself
        answers = [refusal]
    _keep(session, accepted, answers, now=now)


def _decide_with(
    session: Session, accepted: Sequence[Accepted], found: _Found, **moment: Any
) -> Callable[[Accepted], _Settled]:
    """How is decided what becomes of one of these."""
    writer = open_writer(
        session,
        invoice_ids=found.invoice_ids,
        free=_free(accepted),
        grounds=[one.grounds for one in accepted],
        today=moment["today"],
    )
    alone = partial(issue_one_by_one, session, **moment)
    write: Callable[[Sequence[Any]], Sequence[Any]] = (
        alone if found.discounted else writer.write_all
    )
    goods = found.goods

    def decide(one: Accepted) -> _Settled:
        shipped = {line.order_line_id: found.shipped.get(one.shipped_as(line)) for line in one.sold}
        quantities = {name: each.quantity for name, each in shipped.items() if each is not None}
        rules.require_shipped(one.sold, shipped=quantities)
        paid_for = [line for line in one.sold if not found.shipped[one.shipped_as(line)].is_free]
        if found.drafted:
            _take_off_drafts(session, one, paid_for, goods, **moment)
        settlement = rules.settle(paid_for, *goods.of(one.keys))
        ways = _share_with_advances(settlement.credits, found.taken_off, writer.desk)
        notes = write(rows) if (rows := one.credit_notes(*ways)) else []
        for key in one.keys:
            goods.take(key, settlement)
        return _Settled(one, settlement, notes)

    return decide


def _take_off_drafts(
    session: Session,
    one: Accepted,
    returned: Sequence[rules.Returned],
    goods: rules.Goods,
    *,
    now: datetime,
    by: str,
    **_: Any,
) -> None:
    """What is on drafts of what came back waits again, as nobody has that yet."""
    waiting, _billed = goods.of(one.keys)
    if lacking := rules.lacking(returned, waiting):
        whose = {"account_id": one.account_id, "currency": one.currency}
        take_off_drafts(session, **whose, wanted=lacking, now=now, by=by)
        order_line_ids = {key.order_line_id for key in one.keys}
        goods.waiting = queries.find_waiting_lines(session, order_line_ids=order_line_ids)


def _share_with_advances(
    asked: Mapping[str, list[dict[str, Any]]],
    taken_off: Mapping[str, Sequence[TakenOff]],
    desk: Desk,
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, list[dict[str, Any]]]]:
    """What is credited of invoices by lines, and of what was billed ahead of them, and is not ahead any
    more, by net amounts."""
    by_lines = {invoice_id: [*lines] for invoice_id, lines in asked.items()}
    used_up = {each.invoice_id for each in desk.advances if not each.left.total}
    nets: defaultdict[str, Counter[TaxRate]] = defaultdict(Counter)
    for invoice_id in asked:
        advance_ids = {one.advance_id for one in taken_off.get(invoice_id, ())}
        rules.require_left(
            desk.creditable[invoice_id],
            asked[invoice_id],
            ahead=[desk.creditable[each].name for each in advance_ids],
            is_used_up=advance_ids <= used_up,
        )
    for invoice_id in [each for each in taken_off if each in asked]:
        off = [one for one in taken_off[invoice_id] if one.advance_id in used_up]
        found = rules.share_with_advances(desk.creditable[invoice_id], asked[invoice_id], off)
        by_lines[invoice_id] += found[0]
        for (advance_id, rate), net in found[1].items():
            nets[advance_id][rate] += net
    return by_lines, {
        advance_id: [{**rate._asdict(), "net": net} for rate, net in of_it.items()]
        for advance_id, of_it in nets.items()
    }


def _cancel(
    session: Session, settled: Sequence[_Settled], *, today: date, now: datetime, by: str
) -> None:
    """Have what is not billed any more not wait, and what is kept back of it billed instead."""
    cancelled: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in settled:
        for billable_id, quantity in each.settlement.cancelled.items():
            cancelled[billable_id] += quantity
    cancel_billables(session, cancelled)
    rows = [
        {
            "account_id": each.of.account_id,
            "order_id": each.of.order_id,
            "currency": each.of.currency,
            "key": f"{each.of.return_id}:{line.billable_id}"
            + (f":{each.of.part}" if each.of.part > 1 else ""),
            "kind": BillableKind.SHIPMENT,
            "description": f"{RESTOCKING_FEE}: {line.description}",
            "quantity": 1,
            "unit_price": kept_back,
            **line.tax,
            "bill_on": today,
        }
        for each in settled
        for line, kept_back in each.settlement.fees
    ]
    add_billables(session, rows, now=now, by=by)


def _issue(session: Session, settled: Sequence[_Settled], *, now: datetime, by: str) -> None:
    """Issue the credit notes that are only written."""
    notes = [note for each in settled for note in each.notes]
    written = [note for note in notes if isinstance(note, NewNote)]
    issued = iter(issue_written(session, written, now=now, by=by))
    for each in settled:
        each.credit_note_ids = [
            next(issued).note.credit_note_id if isinstance(note, NewNote) else note.credit_note_id
            for note in each.notes
        ]


def _keep(
    session: Session,
    accepted: Sequence[Accepted],
    answers: Sequence[_Settled | Refusal],
    *,
    now: datetime,
) -> None:
    """Keep what came back, and say what became of it."""
    kept: list[dict[str, Any]] = []
    told: list[tuple[bool, dict[str, Any]]] = []
    for one, answer in zip(accepted, answers, strict=True):
        names = one.name._asdict()
        why: dict[str, Any]
        if isinstance(answer, Refusal):
            why = {"code": answer.code, "reason": answer.detail}
            told.append((True, names | why))
        else:
            why = {"code": None, "reason": None}
            told.append((False, names | answer.facts))
        kept.append({**names, **why, "order_id": one.order_id, "answered_at": now})
    insert_rows(session, AcceptedReturn, kept)
    lines = [
        {
            "return_id": one.return_id,
            "part": one.part,
            "order_line_id": line.order_line_id,
            "quantity": line.quantity,
        }
        for one in accepted
        for line in one.lines
        if line.is_back
    ]
    insert_new_rows(session, ReturnedLine, lines)
    for is_refused, facts in told:
        announce(session, events.ReturnRefused if is_refused else events.ReturnSettled, **facts)


def _listed(quantities: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"order_line_id": order_line_id, "quantity": quantity}
        for order_line_id, quantity in quantities.items()
    ]
