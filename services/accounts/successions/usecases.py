"""What happens to cases, plans and series when accounts change hands or somebody leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.orm import Session

from services.accounts.activities.usecases import pass_on_activities
from services.accounts.cases.usecases import pass_on_cases
from services.accounts.ownership.usecases import require_free_to_leave
from services.accounts.remedies.usecases import pass_on_decisions
from services.accounts.series.usecases import pass_on_series
from services.accounts.staff.models import Staff
from services.accounts.staff.usecases import note_departure

_PASS_ON = (pass_on_cases, pass_on_activities, pass_on_series)


def follow_owners(session: Session, changed: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Give what former owners looked after at accounts to who owns these now. What changed hands together
    goes together, in as many statements as one account."""
    together: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for one in changed:
        of_former = one["account_id"], one["former_owner_id"]
        together[one["changed_by"], one["reason"]].append(of_former)
    for (by, reason), former in together.items():

        def was_theirs(model: type[Any], former: Any = former) -> ColumnElement[bool]:
            return tuple_(model.account_id, model.owner_id).in_(former)

        note = f"The account has another owner: {reason}"
        for pass_on in _PASS_ON:
            pass_on(session, was_theirs, note=note, now=now, by=by)


def leave_staff(
    session: Session,
    *,
    staff_id: str,
    left_on: date | None,
    today: date,
    now: datetime,
    by: str,
    zone: tzinfo,
) -> Staff:
    """Let a person go whom nothing needs; what they looked after at others' accounts goes to these, what
    waits for their decision to the next who could decide."""
    staff = require_free_to_leave(session, staff_id=staff_id, left_on=left_on, today=today)

    def was_theirs(model: type[Any]) -> ColumnElement[bool]:
        return model.owner_id == staff_id  # type: ignore[no-any-return]

    note = f"{staff.name} does not work here any more."
    for pass_on in _PASS_ON:
        pass_on(session, was_theirs, note=note, now=now, by=by)
    note_departure(session, staff, left_on=left_on or today)
    pass_on_decisions(session, staff_id, today=today, zone=zone)
    return staff
