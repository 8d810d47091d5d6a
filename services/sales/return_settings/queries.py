"""Reading how long returns are waited for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sales.return_settings.models import ReturnSetting
from services.sales.return_settings.rules import DEFAULT, ReturnDays


def find_days(session: Session) -> ReturnDays:
    """How long returns are waited for, as it is set now."""
    setting = find_setting(session)
    return setting.days if setting else DEFAULT


def find_setting(session: Session) -> ReturnSetting | None:
    """The newest setting; None before anybody said anything."""
    newest = select(ReturnSetting).order_by(ReturnSetting.version.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def get_return_settings(session: Session) -> dict[str, Any]:
    """What holds, who said so and when; by nobody where it is as it came."""
    setting = find_setting(session)
    days = setting.days if setting else DEFAULT
    return {
        **days._asdict(),
        "set_at": setting.set_at if setting else None,
        "set_by": setting.set_by if setting else None,
        "version": setting.version if setting else 0,
    }
