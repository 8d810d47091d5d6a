"""Add charges, one or many at once, in a number of statements that does not grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from chassis.bulk import each_by_itself, insert_rows, tell_refusal
from kernel.calendar import add_days
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.billing.accounts.models import Account
from services.billing.accounts.rules import account_not_found, require_billable
from services.billing.accounts.usecases import lock_accounts_to_bill
from services.billing.charges import rules
from services.billing.charges.models import Charge
from services.billing.charges.rules import Agreed, ChargeAction, ChargeKind, ChargeStatus
from services.billing.charges.usecases import (
    Bill,
    Decision,
    add_bills,
    fall_due,
    keep_bill,
    tell,
)
from services.billing.courses.rules import Price, stretches
from services.billing.external_ids.queries import find_external
from services.billing.external_ids.rules import digest, require_same
from services.billing.orders.models import Order
from services.billing.orders.queries import find_orders
from services.billing.orders.rules import require_own_order
from services.billing.suspensions.models import Suspension
from services.billing.suspensions.queries import find_suspensions
from services.billing.taxes.rules import choose_code

Row = Mapping[str, Any]
_RHYTHM = ("unit", "every", "anchor", "timing")
_AS_SAID = (
    *("account_id", "external_id", "kind", "description", "currency", "tax_percent"),
    *("exemption_reason", "client_order_number", "order_id", "start_on", *_RHYTHM),
)
_STORED = tuple(column.name for column in Charge.__table__.columns)


def add_charge(
    session: Session,
    *,
    account_id: str,
    external_id: str | None,
    kind: str,
    description: str,
    currency: str,
    unit_price: int,
    quantity: Decimal | None,
    tax_percent: Decimal,
    tax_code: str | None,
    exemption_reason: str | None,
    client_order_number: str | None,
    order_id: str | None = None,
    start_on: date,
    end_on: date | None,
    unit: str | None,
    every: int | None,
    anchor: str | None,
    timing: str | None,
    today: date,
    now: datetime,
    by: str,
) -> Charge:
    """Charge something from a day on. What has fallen due by today is to be billed at once. One that was
    added before under its `external_id` is that one."""
    said = {
        "account_id": account_id,
        "external_id": external_id,
        "kind": kind,
        "description": description,
        "currency": currency,
        "unit_price": unit_price,
        "quantity": quantity,
        "tax_percent": tax_percent,
        "tax_code": tax_code,
        "exemption_reason": exemption_reason,
        "client_order_number": client_order_number,
        "order_id": order_id,
        "start_on": start_on,
        "end_on": end_on,
        "unit": unit,
        "every": every,
        "anchor": anchor,
        "timing": timing,
    }
    found = _open_desk(session, [said], today=today, now=now, by=by).add(said)
    if isinstance(found, Charge):
        return found
    _store(session, [found], now=now, by=by)
    return found.charge


def add_batch(
    session: Session,
    *,
    charges: Sequence[Row | Refusal],
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Add many charges at once, each as if it came alone after those before it. The refused ones are
    reported with their place and the reason and do not keep the others from being added."""
    rows = [row for row in charges if not isinstance(row, Refusal)]
    desk = _open_desk(session, rows, today=today, now=now, by=by)
    added = each_by_itself(session, charges, desk.add)
    _store(session, [each for each in added if isinstance(each, Bill)], now=now, by=by)
    results = [_report(index, each) for index, each in enumerate(added)]
    counts = [each.get("is_new") for each in results]
    numbers = {"added": counts.count(True), "found": counts.count(False)}
    return {**numbers, "refused": counts.count(None), "results": results}


class _Desk(NamedTuple):
    """Where charges are added one after the other: what was read for all of them."""

    accounts: Mapping[str, Account]
    orders: Mapping[str, Order]
    suspensions: Mapping[str, Sequence[Suspension]]
    known: dict[tuple[str, str], Charge]
    today: date
    now: datetime
    by: str

    def add(self, said: Row) -> Bill | Charge:
        """A charge with what falls due of it by today; or the one that it was added as before."""
        name = said["account_id"], said["external_id"]
        if name in self.known:
            require_same(self.known[name].external_digest, said, what="Charge")
            return self.known[name]
        self._require(said)
        charge = _new_charge(said, now=self.now, by=self.by)
        suspensions = self.suspensions.get(charge.account_id, ())
        course = charge.course(each.rest for each in suspensions)
        ahead = stretches(course, charge.rhythm, charge.due, recorded_until=charge.recorded_until)
        rules.require_few(ahead, today=self.today)
        due = fall_due(charge, course, today=self.today, used=[] if charge.by_use else None)
        bill = Bill(charge, due, rules.find_suspended_on(charge.kind, suspensions))
        keep_bill(charge, bill)
        if charge.external_id is not None:
            self.known[charge.account_id, charge.external_id] = charge
        return bill

    def _require(self, said: Row) -> None:
        rhythm = {name: said[name] for name in _RHYTHM}
        rules.require_kind(said["kind"], **rhythm, quantity=said["quantity"], end_on=said["end_on"])
        rules.require_price(_price(said), said["tax_percent"])
        rules.require_days(said["start_on"], said["end_on"], today=self.today, field="end_on")
        account = self.accounts.get(said["account_id"])
        if account is None:
            raise account_not_found(said["account_id"])
        require_billable(number=account.number, status=account.status)
        if said["order_id"] is not None:
            of = {name: said[name] for name in ("order_id", "account_id", "currency")}
            require_own_order(self.orders.get(said["order_id"]), **of)


def _open_desk(
    session: Session, rows: Sequence[Row], *, today: date, now: datetime, by: str
) -> _Desk:
    """Lock the accounts that are charged, and read what charges may name."""
    account_ids = {row["account_id"] for row in rows}
    accounts = lock_accounts_to_bill(session, account_ids=account_ids)
    orders = find_orders(session, order_ids={row["order_id"] for row in rows} - {None})
    suspensions: defaultdict[str, list[Suspension]] = defaultdict(list)
    for each in find_suspensions(session, account_ids=account_ids):
        suspensions[each.account_id].append(each)
    named = {
        (row["account_id"], row["external_id"])
        for row in rows
        if row["external_id"] and row["account_id"] in accounts  # that the caller sees
    }
    known = find_external(session, Charge, named=sorted(named))
    return _Desk(accounts, orders, suspensions, known, today, now, by)


def _price(said: Row) -> Price:
    return Price(said["unit_price"], said["quantity"] or Decimal(1))


def _new_charge(said: Row, *, now: datetime, by: str) -> Charge:
    start_on, percent = said["start_on"], said["tax_percent"]
    code = choose_code(percent, said["tax_code"], said["exemption_reason"], field="")
    return Charge(
        charge_id=new_id("chg"),
        version=1,
        **{name: said[name] for name in _AS_SAID},
        external_digest=None if said["external_id"] is None else digest(said),
        status=ChargeStatus.RUNNING,
        tax_code=code,
        end_on=start_on if said["kind"] == ChargeKind.ONE_OFF else said["end_on"],
        agreed=[Agreed(start_on, *_price(said)).row],
        paused=[],
        recorded_until=add_days(start_on, -1),
        recorded_by=by,
        recorded_at=now,
    )


def _store(session: Session, bills: Sequence[Bill], *, now: datetime, by: str) -> None:
    """Store charges with what is to be billed of them, and announce each."""
    rows = [{name: getattr(bill.charge, name) for name in _STORED} for bill in bills]
    insert_rows(session, Charge, rows)
    if bills:
        add_bills(session, bills, now=now, by=by)
        added = ChargeAction.ADD
        decisions = [Decision(one.charge, 1, added, one.charge.start_on, None) for one in bills]
        tell(session, decisions, now=now, by=by)


def _report(index: int, result: Bill | Charge | Refusal) -> dict[str, Any]:
    if isinstance(result, Refusal):
        return {"index": index, **tell_refusal(result)}
    is_new = isinstance(result, Bill)
    charge = result.charge if isinstance(result, Bill) else result
    return {"index": index, "charge_id": charge.charge_id, "is_new": is_new}
