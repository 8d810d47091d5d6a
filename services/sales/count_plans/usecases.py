"""Say which products are counted how often, and have them counted when they are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.bulk import each_apart
from chassis.database import fetch_for_change
from kernel.ids import new_id
from kernel.refusals import why
from services.sales.count_plans import queries, rules
from services.sales.count_plans.models import CountPlan
from services.sales.count_plans.rules import PlanAction, PlanStatus
from services.sales.counts.usecases import begin_count
from services.sales.places.usecases import require_places

_DAYS = ("a_days", "b_days", "c_days")


def create_plan(
    session: Session,
    *,
    starts_on: date | None,
    place_id: str | None,
    name: str,
    today: date,
    now: datetime,
    by: str,
    **facts: Any,
) -> CountPlan:
    """Have what is kept in stock counted again and again, from a day on."""
    begins = starts_on or today
    rules.require_start(begins, today=today)
    _require_free_name(session, name)
    if place_id is not None:
        require_places(session, {place_id})
    plan = CountPlan(
        plan_id=new_id("cpl"),
        name=name,
        place_id=place_id,
        status=PlanStatus.ACTIVE,
        starts_on=begins,
        made_at=now,
        made_by=by,
        **facts,
    )
    return _settle(session, plan)


def edit_plan(session: Session, *, plan_id: str, **changes: Any) -> CountPlan:
    """Change what a plan says; counts that are open stay as they are."""
    plan = fetch_for_change(session, CountPlan, plan_id)
    if changes.get("name", plan.name) != plan.name:
        _require_free_name(session, changes["name"])
    for name, value in changes.items():
        setattr(plan, name, value)
    return _settle(session, plan)


def pause_plan(session: Session, *, plan_id: str) -> CountPlan:
    """Have nothing counted by a plan for a while."""
    return _switch(session, plan_id, PlanAction.PAUSE)


def resume_plan(session: Session, *, plan_id: str) -> CountPlan:
    """Let a plan go on; what fell due meanwhile is due now."""
    return _switch(session, plan_id, PlanAction.RESUME)


def open_due_counts(session: Session, *, day: date, now: datetime, by: str) -> None:
    """Open a count for each plan of which anything is due. A plan that fails stops no other: what of it
    is due is so tomorrow, too; why it failed stands with it."""
    plans = {plan.plan_id: plan for plan in queries.find_active(session)}

    def open_each(plan_ids: Sequence[str]) -> None:
        for plan_id in plan_ids:
            _open(session, plans[plan_id], day=day, now=now, by=by)

    errors = each_apart(session, sorted(plans), open_each)
    for plan_id, plan in plans.items():
        error = errors.get(plan_id)
        plan.parked_on, plan.parked_reason = (day, why(error)) if error else (None, None)
    session.flush()


def _open(session: Session, plan: CountPlan, *, day: date, now: datetime, by: str) -> None:
    due = queries.find_due(session, plan, on=day)
    if due:
        begin_count(
            session,
            wanted=[(one.product_id, one.due_on, one.value_class) for one in due],
            place_id=plan.place_id,
            is_blind=plan.is_blind,
            note=plan.name,
            plan_id=plan.plan_id,
            today=day,
            now=now,
            by=by,
        )


def _switch(session: Session, plan_id: str, action: PlanAction) -> CountPlan:
    plan = fetch_for_change(session, CountPlan, plan_id)
    plan.status = rules.next_status(plan.status, action, name=plan.name)
    session.flush()
    return plan


def _settle(session: Session, plan: CountPlan) -> CountPlan:
    rules.require_plan(
        a_percent=plan.a_percent,
        b_percent=plan.b_percent,
        days={name: getattr(plan, name) for name in _DAYS},
    )
    session.add(plan)
    session.flush()
    return plan


def _require_free_name(session: Session, name: str) -> None:
    taken = session.scalar(select(CountPlan.plan_id).where(CountPlan.name == name))
    rules.require_free_name(is_taken=taken is not None, name=name)
