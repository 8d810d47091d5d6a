"""Note what is promised and not picked, and end it once the client was told, or it has left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.bulk import columns, insert_new_rows
from chassis.database import fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_ids
from services.sales.business_days.rules import add_business_days
from services.sales.company.queries import find_company
from services.sales.events import ContactDue, ContactSettled
from services.sales.late_shipments import events, queries, rules
from services.sales.late_shipments.models import LateShipment, PromiseSettings
from services.sales.late_shipments.queries import AtRisk
from services.sales.late_shipments.rules import LateState, Turn

_CHANGE = select(LateShipment).from_statement(
    text("""
    UPDATE late_shipment
    SET version = late_shipment.version + 1,
        status = told.status,
        quantity = told.quantity,
        sentence = told.sentence,
        ended_at = CASE WHEN told.status IN ('due', 'told') THEN NULL ELSE :now END
    FROM unnest(
        CAST(:ids AS text[]), CAST(:statuses AS text[]),
        CAST(:quantities AS numeric[]), CAST(:sentences AS text[])
    ) AS told (late_shipment_id, status, quantity, sentence)
    WHERE late_shipment.late_shipment_id = told.late_shipment_id
    RETURNING late_shipment.*
    """)
)
_CHANGED = {"populate_existing": True}


def note_late_shipments(session: Session, *, day: date, now: datetime) -> None:
    """Note the lines that are promised for soon and not picked, once for each day they are promised for,
    and have their account managers contact the clients. Often or seldom, it is the same in the end."""
    company = find_company(session)
    until = add_business_days(
        day,
        queries.get_settings(session).lead_days,
        country=None if company is None else company.country,
    )
    risks = queries.find_at_risk(session, until=until)
    ids = new_ids("lat", len(risks))
    rows = [
        _row(risk, late_shipment_id, day=day, now=now)
        for risk, late_shipment_id in zip(risks, ids, strict=True)
    ]
    insert_new_rows(session, LateShipment, rows)
    for row in rows:
        announce(session, events.ShipmentLate, **{name: row[name] for name in _TOLD})
        _announce_due(session, row)


def tell_late_shipment(
    session: Session, *, late_shipment_id: str, note: str | None, now: datetime, by: str
) -> LateShipment:
    """Note that the client was told."""
    late = fetch_for_change(session, LateShipment, late_shipment_id)
    late.status = rules.move(late.status, Turn.TELL)
    late.told_at, late.told_by, late.note = now, by, note
    session.flush()
    _announce_settled(session, late)
    return late


def review_late_shipments(
    session: Session, *, order_ids: Collection[str], today: date, now: datetime
) -> None:
    """End the lateness of lines of these orders that have left, are cancelled, or are promised for
    another day; tell anew what is missing of the others, where that is another quantity now."""
    standing = queries.find_standing(session, order_ids=order_ids)
    if not standing:
        return
    lines = queries.read_lines(session, line_ids={late.line_id for late in standing})
    before = {late.late_shipment_id: late.status for late in standing}
    changes: list[tuple[str, str, Decimal, str]] = []
    for late in standing:
        line = lines[late.line_id]
        turn = rules.turn_of(line, promised_on=late.promised_on)
        if turn is not None:
            status = rules.move(late.status, turn)
            changes.append((late.late_shipment_id, status, late.quantity, late.sentence))
        elif line.missing and line.missing != late.quantity:
            sentence = rules.say_late(line, reason=late.reason, today=today)
            changes.append((late.late_shipment_id, late.status, line.missing, sentence))
    _change(session, changes, before, now=now)


def set_promise_settings(
    session: Session, *, lead_days: int, now: datetime, by: str
) -> PromiseSettings:
    """Say how many business days before a promised day a line that is not picked is late."""
    return session.merge(
        PromiseSettings(
            settings_id=queries.SETTINGS, lead_days=lead_days, changed_at=now, changed_by=by
        )
    )


_TOLD = (
    *("account_id", "late_shipment_id", "order_id", "order_number", "line_id", "sku"),
    *("description", "quantity", "promised_on", "reason"),
)


def _row(risk: AtRisk, late_shipment_id: str, *, day: date, now: datetime) -> dict[str, Any]:
    reason = rules.why_late(risk.line)
    return {
        "late_shipment_id": late_shipment_id,
        "version": 1,
        "account_id": risk.account_id,
        "order_id": risk.order_id,
        "order_number": risk.line.order_number,
        "line_id": risk.line_id,
        "sku": risk.line.sku,
        "description": risk.line.description,
        "promised_on": risk.line.promised_on,
        "quantity": risk.line.missing,
        "reason": reason,
        "sentence": rules.say_late(risk.line, reason=reason, today=day),
        "status": LateState.DUE,
        "noted_on": day,
        "noted_at": now,
    }


def _change(
    session: Session,
    changes: Sequence[tuple[str, str, Decimal, str]],
    before: dict[str, str],
    *,
    now: datetime,
) -> None:
    if not changes:
        return
    told = columns(changes, "ids", "statuses", "quantities", "sentences")
    changed = session.scalars(_CHANGE, {**told, "now": now}, execution_options=_CHANGED)
    for late in changed.all():
        if before[late.late_shipment_id] != LateState.DUE:
            continue  # the client was told, and nobody is to contact them any more
        if late.status == LateState.DUE:
            _announce_due(session, {name: getattr(late, name) for name in _OF_REASON})
        else:
            _announce_settled(session, late)


_OF_REASON = ("account_id", "late_shipment_id", "version", "noted_on", "sentence")


def _announce_due(session: Session, late: dict[str, Any]) -> None:
    announce(
        session,
        ContactDue,
        account_id=late["account_id"],
        reason=rules.SHIPMENT_LATE,
        about=late["late_shipment_id"],
        version=late["version"],
        currency=None,
        since=late["noted_on"],
        amount=None,
        sentence=late["sentence"],
        roles=rules.ROLES,
        channel=None,
        earliest=None,
    )


def _announce_settled(session: Session, late: LateShipment) -> None:
    announce(
        session,
        ContactSettled,
        account_id=late.account_id,
        reason=rules.SHIPMENT_LATE,
        about=late.late_shipment_id,
        version=late.version,
        currency=None,
    )
