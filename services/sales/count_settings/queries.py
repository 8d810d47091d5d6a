"""Reading what a count may find amiss."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sales.count_settings.models import CountSetting
from services.sales.count_settings.rules import DEFAULT, Tolerances


def find_tolerances(session: Session) -> Tolerances:
    """What a count that is opened now may find amiss."""
    setting = find_setting(session)
    return setting.tolerances if setting else DEFAULT


def find_setting(session: Session) -> CountSetting | None:
    """The newest setting; None before anybody said anything."""
    newest = select(CountSetting).order_by(CountSetting.version.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def get_count_settings(session: Session) -> dict[str, Any]:
    """What holds, who said so and when; by nobody where it is as it came."""
    setting = find_setting(session)
    tolerances = setting.tolerances if setting else DEFAULT
    return {
        "tolerance_percent": tolerances.percent,
        "cost_tolerances": [
            {"currency": currency, "amount": amount}
            for currency, amount in sorted(tolerances.costs.items())
        ],
        "set_at": setting.set_at if setting else None,
        "set_by": setting.set_by if setting else None,
        "version": setting.version if setting else 0,
    }
