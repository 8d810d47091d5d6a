"""Say how long returns are waited for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.sales.return_settings.models import ReturnSetting
from services.sales.return_settings.queries import find_setting, get_return_settings


def change_return_settings(
    session: Session,
    *,
    request_days: int,
    send_days: int,
    transit_days: int,
    answer_days: int,
    now: datetime,
    by: str,
) -> dict[str, Any]:
    """Say how long returns are waited for. What is requested or authorised already keeps its last day."""
    last = find_setting(session)
    session.add(
        ReturnSetting(
            version=last.version + 1 if last else 1,
            request_days=request_days,
            send_days=send_days,
            transit_days=transit_days,
            answer_days=answer_days,
            set_at=now,
            set_by=by,
        )
    )
    session.flush()
    return get_return_settings(session)
