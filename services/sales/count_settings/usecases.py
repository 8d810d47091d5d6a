"""Say what a count may find amiss."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from services.sales.count_settings.models import CountSetting
from services.sales.count_settings.queries import find_setting, get_count_settings
from services.sales.count_settings.rules import read_costs


def change_count_settings(
    session: Session,
    *,
    tolerance_percent: Decimal,
    cost_tolerances: Sequence[dict[str, Any]],
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Say what counts that are opened from now on may find amiss; those that are open keep theirs."""
    costs = read_costs([(one["currency"], one["amount"]) for one in cost_tolerances])
    last = find_setting(session)
    session.add(
        CountSetting(
            version=last.version + 1 if last else 1,
            tolerance_percent=tolerance_percent,
            cost_tolerances=costs,
            set_at=now,
            set_by=by,
        )
    )
    session.flush()
    return get_count_settings(session)
