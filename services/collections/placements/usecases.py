"""Handing debts over: proposed by rule, accepted or returned, cured by payment, withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from chassis.bulk import attempt, each_apart, insert_rows
from chassis.database import fetch, fetch_all_for_change, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.money import Money
from kernel.refusals import Conflict
from services.collections import events
from services.collections.accounts.usecases import lock_accounts
from services.collections.contact_dues.rules import HAND_OVER_RETURNED, ROLES, say_returned
from services.collections.contact_dues.usecases import review_contacts
from services.collections.dunning.queries import read_debtors, read_open_items
from services.collections.dunning.rules import Claim, OpenItem, claims
from services.collections.parked.rules import Job, judge_each
from services.collections.parked.usecases import park_accounts
from services.collections.placements import queries, rules
from services.collections.placements.models import Placement, PlacementItem, PlacementMove
from services.collections.placements.rules import STANDING, PlacementAction, PlacementStatus
from services.collections.procedures.models import ProcedureVersion
from services.collections.procedures.queries import versions_in_use
from services.collections.procedures.rules import load_levels
from services.collections.receivables.models import Receivable
from services.collections.receivables.rules import ItemStatus
from services.collections.receivables.usecases import hand_over, take_back


def propose_placements(session: Session, *, day: date, now: datetime, by: str) -> None:
    """Propose to hand over what the procedures have done their last for; what is in a placement that
    stands is left alone. An account that nothing can be decided about is parked and stops no other; by
    a procedure that nothing can be decided by, all who owe something and have it."""
    for version in versions_in_use(session):
        if version.hand_over_days is not None:
            propose = partial(_propose_by, session, version, day=day, now=now, by=by)
            error = attempt(session, propose)
            if error is not None:
                debtors = read_debtors(session, procedure_id=version.procedure_id)
                errors = dict.fromkeys(debtors, error)
                park_accounts(session, job=Job.PROPOSE_PLACEMENTS, day=day, errors=errors)


def propose_again(
    session: Session, *, placement_id: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Propose a returned placement once more, with what is owed and was sent by now in its package."""
    placement = _lock(session, placement_id)
    to = rules.move_placement(placement.status, PlacementAction.PROPOSE)
    item_ids = set(_item_ids(session, placement_id))
    items = read_open_items(session, on=today, account_ids=[placement.account_id])
    owed = [claim for claim in claims(items) if claim.item.item_id in item_ids and claim.amount]
    if not owed:
        raise Conflict(
            "nothing_owed",
            "Nothing of it may be asked for: what credit does not cover is disputed or on its way. "
            "Allocate the credit, or wait.",
        )
    placement.package = _pack(session, owed, today)[(placement.account_id, placement.currency)]
    placement.amount = placement.package["amount"]
    _move(session, placement, to, reason=None, now=now, by=by)
    return queries.get_placement(session, placement_id=placement_id)


def accept_placement(
    session: Session, *, placement_id: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Collections takes the debt over and alone speaks to the client about it."""
    placement = _lock(session, placement_id)
    to = rules.move_placement(placement.status, PlacementAction.ACCEPT)
    _move(session, placement, to, reason=None, now=now, by=by)
    hand_over(session, item_ids=_item_ids(session, placement_id))
    review_contacts(session, account_ids=[placement.account_id], today=today)
    return queries.get_placement(session, placement_id=placement_id)


def return_placement(
    session: Session, *, placement_id: str, reason: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """Collections does not take the debt as it is; `reason` says what is missing, and waits on the
    worklist."""
    placement = _lock(session, placement_id)
    to = rules.move_placement(placement.status, PlacementAction.RETURN)
    _move(session, placement, to, reason=reason, now=now, by=by)
    oldest = min(item["due_date"] for item in placement.package["items"])
    announce(
        session,
        events.ContactDue,
        **_reason_of(placement),
        since=today,
        amount=placement.amount,
        oldest_due_date=date.fromisoformat(oldest),
        sentence=say_returned(Money(placement.amount, placement.currency), reason=reason),
        roles=ROLES,
        channel=None,
        earliest=None,
    )
    return queries.get_placement(session, placement_id=placement_id)


def withdraw_placement(
    session: Session, *, placement_id: str, reason: str, today: date, now: datetime, by: str
) -> dict[str, Any]:
    """The account manager speaks to the client again. The rule proposes it again on the next day; a
    hold prevents that."""
    placement = _lock(session, placement_id)
    to = rules.move_placement(placement.status, PlacementAction.WITHDRAW)
    _close(session, placement, to, reason=reason, now=now, by=by)
    review_contacts(session, account_ids=[placement.account_id], today=today)
    return queries.get_placement(session, placement_id=placement_id)


def cure_placements(session: Session, *, account_id: str, now: datetime, by: str) -> None:
    """Close the account's placements of which nothing is open any more."""
    is_open = exists().where(
        PlacementItem.placement_id == Placement.placement_id,
        Receivable.item_id == PlacementItem.item_id,
        Receivable.status == ItemStatus.OPEN,
    )
    cured = session.scalars(
        select(Placement.placement_id).where(
            Placement.account_id == account_id, Placement.status.in_(STANDING), ~is_open
        )
    ).all()
    for placement in fetch_all_for_change(session, Placement, cured):
        to = rules.move_placement(placement.status, PlacementAction.CURE)
        _close(session, placement, to, reason="Nothing of it is open any more.", now=now, by=by)


def _lock(session: Session, placement_id: str) -> Placement:
    """The placement for change, after its account, which comes before it in the order of locks."""
    found = fetch(session, Placement, placement_id)
    lock_accounts(session, account_ids=[found.account_id])
    return fetch_for_change(session, Placement, placement_id)


def _propose_by(
    session: Session, version: ProcedureVersion, *, day: date, now: datetime, by: str
) -> None:
    ripe, errors = _judge_ripe(session, version, day, account_ids=None)

    def propose(account_ids: Sequence[str]) -> None:
        lock_accounts(session, account_ids=account_ids)  # then look again: nobody pays in between
        sure, unsure = _judge_ripe(session, version, day, account_ids=account_ids)
        for error in unsure.values():
            raise error
        for key, package in _pack(session, sure, day).items():
            _propose(session, *key, package=package, now=now, by=by)

    candidates = sorted({claim.item.account_id for claim in ripe})
    errors |= each_apart(session, candidates, propose)
    park_accounts(session, job=Job.PROPOSE_PLACEMENTS, day=day, errors=errors)


def _judge_ripe(
    session: Session, version: ProcedureVersion, day: date, *, account_ids: Collection[str] | None
) -> tuple[list[Claim], dict[str, Exception]]:
    """What is ripe by a procedure and not in a placement; and why about some accounts nobody knows."""
    levels, hand_over_days = load_levels(version.levels), version.hand_over_days
    assert hand_over_days is not None, "else nothing is handed over"

    def judge(own: list[OpenItem]) -> list[Claim]:
        return rules.ripe_claims(claims(own), levels=levels, hand_over_days=hand_over_days, on=day)

    items = read_open_items(
        session, on=day, procedure_id=version.procedure_id, account_ids=account_ids
    )
    judged, errors = judge_each(items, judge)
    ripe = [claim for own in judged.values() for claim in own]
    placed = queries.read_placed_items(session, item_ids=[claim.item.item_id for claim in ripe])
    return [claim for claim in ripe if claim.item.item_id not in placed], errors


def _pack(
    session: Session, owed: Sequence[Claim], day: date
) -> dict[tuple[str, str], dict[str, Any]]:
    debts = rules.by_debt(owed)
    accounts = queries.read_accounts(session, account_ids={account_id for account_id, _ in debts})
    notices = queries.read_sent_notices(session, item_ids=[claim.item.item_id for claim in owed])
    return {
        key: rules.pack(debt, account=accounts[key[0]], notices=notices.get(key, []), on=day)
        for key, debt in debts.items()
    }


def _propose(
    session: Session,
    account_id: str,
    currency: str,
    *,
    package: dict[str, Any],
    now: datetime,
    by: str,
) -> None:
    placement = Placement(
        placement_id=new_id("plc"),
        account_id=account_id,
        currency=currency,
        amount=package["amount"],
        status=PlacementStatus.PROPOSED,
        package=package,
    )
    session.add(placement)
    session.flush()
    insert_rows(
        session,
        PlacementItem,
        [
            {
                "placement_id": placement.placement_id,
                "account_id": account_id,
                "item_id": item["item_id"],
                "is_standing": True,
            }
            for item in package["items"]
        ],
    )
    _record(session, placement, now=now, by=by)


def _move(
    session: Session,
    placement: Placement,
    to: PlacementStatus,
    *,
    reason: str | None,
    now: datetime,
    by: str,
) -> None:
    was_returned = placement.status == PlacementStatus.RETURNED
    placement.status = to
    placement.reason = reason
    session.flush()
    _record(session, placement, now=now, by=by)
    if was_returned:
        announce(session, events.ContactSettled, **_reason_of(placement))


def _reason_of(placement: Placement) -> dict[str, Any]:
    return {
        "account_id": placement.account_id,
        "reason": HAND_OVER_RETURNED,
        "about": placement.placement_id,
        "version": placement.version,
        "currency": placement.currency,
    }


def _close(
    session: Session,
    placement: Placement,
    to: PlacementStatus,
    *,
    reason: str,
    now: datetime,
    by: str,
) -> None:
    _move(session, placement, to, reason=reason, now=now, by=by)
    take_back(session, item_ids=_item_ids(session, placement.placement_id))
    session.execute(
        update(PlacementItem)
        .where(PlacementItem.placement_id == placement.placement_id)
        .values(is_standing=False)
    )


def _record(session: Session, placement: Placement, *, now: datetime, by: str) -> None:
    """Keep the move, and announce it."""
    session.add(
        PlacementMove(
            placement_id=placement.placement_id,
            placement_version=placement.version,
            account_id=placement.account_id,
            status=placement.status,
            reason=placement.reason,
            moved_at=now,
            moved_by=by,
        )
    )
    session.flush()
    announce(
        session,
        events.PlacementChanged,
        account_id=placement.account_id,
        placement_id=placement.placement_id,
        version=placement.version,
        status=placement.status,
        currency=placement.currency,
        amount=placement.amount,
        reason=placement.reason,
    )


def _item_ids(session: Session, placement_id: str) -> Sequence[str]:
    return session.scalars(
        select(PlacementItem.item_id).where(PlacementItem.placement_id == placement_id)
    ).all()
