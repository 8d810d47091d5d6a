"""Move many shipments, in a number of statements that does not grow with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.refusals import Invalid, Refusal
from services.sales.dispatches.rules import Task
from services.sales.dispatches.usecases import carry_out
from services.sales.shipment_batches.rules import steps_of
from services.sales.shipments.usecases import Stored


def move_shipments(
    session: Session,
    *,
    shipments: Sequence[Mapping[str, Any] | Refusal],
    today: date,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Let shipments take their next step and send orders, each done or refused by itself, as if it came
    after those before it."""
    tasks = [_task(row) for row in shipments]
    done = iter(
        carry_out(
            session,
            [task for task in tasks if isinstance(task, Task)],
            today=today,
            now=now,
            by=by,
        )
    )
    results = [
        {"index": index, **_told(next(done) if isinstance(task, Task) else task)}
        for index, task in enumerate(tasks)
    ]
    count = sum("number" in result for result in results)
    return {"done": count, "refused": len(results) - count, "results": results}


def _task(row: Mapping[str, Any] | Refusal) -> Task | Refusal:
    if isinstance(row, Refusal):
        return row
    try:
        steps = steps_of(row)
    except Invalid as invalid:
        return invalid
    lines = row["lines"]
    return Task(
        steps,
        row["order_id"],
        row["shipment_id"],
        None if lines is None else [(line["line_id"], line["quantity"]) for line in lines],
        row["shipped_on"],
        row["rest_promised_on"],
    )


def _told(done: Stored | Refusal) -> dict[str, Any]:
    names: tuple[str, ...] = ("shipment_id", "number", "status")
    if isinstance(done, Refusal):
        names = ("code", "detail", "errors")
    return {name: getattr(done, name) for name in names}
