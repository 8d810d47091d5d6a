"""Keeping versions of orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import insert_rows
from kernel.refusals import NotFound
from services.sales.order_versions import rules
from services.sales.order_versions.models import OrderVersion
from services.sales.order_versions.queries import count_versions


def add_first_versions(session: Session, agreed: Iterable[Mapping[str, Any]]) -> None:
    """Note what was agreed first of orders, which the caller has locked."""
    rows = [{"revision": 1, "changes": [], **facts} for facts in agreed]
    insert_rows(session, OrderVersion, rows)


def add_version(
    session: Session, *, order_id: str, changes: Sequence[Mapping[str, Any]], **facts: Any
) -> OrderVersion:
    """Note what an amendment changed. The caller has locked the order."""
    version = OrderVersion(
        order_id=order_id,
        revision=count_versions(session, order_id=order_id) + 1,
        changes=[*changes],
        **facts,
    )
    session.add(version)
    session.flush()
    return version


def accept_version(
    session: Session,
    *,
    order_id: str,
    revision: int,
    accepted_by: str,
    accepted_on: date | None,
    accepted_how: str,
    today: date,
    now: datetime,
    by: str,
) -> OrderVersion:
    """Record that the client accepted a version, who of them, when and how."""
    statement = select(OrderVersion).where(
        OrderVersion.order_id == order_id, OrderVersion.revision == revision
    )
    version = session.scalars(statement.with_for_update()).one_or_none()
    if version is None:
        raise NotFound(
            "version_not_found",
            f"Order {order_id} has no version {revision}; a draft has none before it is confirmed.",
        )
    note_acceptance(
        version,
        accepted_by=accepted_by,
        accepted_on=accepted_on,
        accepted_how=accepted_how,
        today=today,
        now=now,
        by=by,
    )
    session.flush()
    return version


def note_acceptance(
    version: OrderVersion,
    *,
    accepted_by: str,
    accepted_on: date | None,
    accepted_how: str,
    today: date,
    now: datetime,
    by: str,
    place: str = "",
) -> None:
    """As `accept_version`, of one that the caller has locked or made; `place` is where the request says
    so."""
    day = accepted_on or today
    rules.require_acceptable(
        day,
        today=today,
        accepted_by=version.accepted_by,
        revision=version.revision,
        field=f"{place}accepted_on",
    )
    version.accepted_by, version.accepted_on, version.accepted_how = accepted_by, day, accepted_how
    version.acceptance_at, version.acceptance_by = now, by
