"""Claims about how accounts were addressed on any day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.billing.addressees.models import FormerAddressee
from services.billing.addressees.queries import get_addressee_at
from services.billing.addressees.usecases import keep_addressees

pytestmark = pytest.mark.server

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ACCOUNT = new_id("acc")


def _told(version: int, name: str, **differently: Any) -> dict[str, Any]:
    facts = {"account_id": ACCOUNT, "version": version, "number": "A-1", "name": name}
    facts |= {"language": "en", "email": None, "preferred_channel": "email", "tax_id": None}
    return facts | {"addresses": [], "invoice_recipients": []} | differently


def _name_at(session: Session, at: datetime) -> str:
    return get_addressee_at(session, account_id=ACCOUNT, at=at).name


def _day(number: int) -> datetime:
    return START + timedelta(days=number)


def test_what_was_so_at_a_moment_is_kept_whatever_comes_later(session: Session) -> None:
    for day, name in enumerate(["Brown", "Green", "Grey"], start=1):
        keep_addressees(session, [_told(day, name)], now=_day(day))
    found = [_name_at(session, _day(day) + timedelta(hours=1)) for day in (0, 1, 2, 3)]
    assert found == ["Brown", "Brown", "Green", "Grey"]


def test_an_account_that_changes_otherwise_leaves_nothing_behind(session: Session) -> None:
    keep_addressees(session, [_told(1, "Brown")], now=START)
    keep_addressees(session, [_told(version, "Brown") for version in (3, 2)], now=_day(1))
    assert session.scalar(select(func.count()).select_from(FormerAddressee)) == 0
    assert get_addressee_at(session, account_id=ACCOUNT, at=START).version == 3


def test_what_comes_late_or_twice_changes_nothing(session: Session) -> None:
    keep_addressees(session, [_told(2, "Green"), _told(1, "Brown")], now=START)
    for version, name in ((1, "Brown"), (2, "Green")):
        keep_addressees(session, [_told(version, name)], now=_day(1))
    assert _name_at(session, START) == _name_at(session, _day(2)) == "Green"


def test_of_whom_nobody_told_us_nothing_is_known(session: Session) -> None:
    with pytest.raises(NotKnownYet):
        get_addressee_at(session, account_id=new_id("acc"), at=START)
