"""Claims about diaries: what is planned is there, as calendars read it."""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar

from kernel.refusals import NotFound

pytestmark = pytest.mark.server


def diary(office, staff_id: str) -> list[dict[str, Any]]:
    answer = office.get_diary(office.session, staff_id=staff_id)
    assert answer.media_type == "text/calendar"
    calendar = Calendar.from_ical(answer.content)
    return [
        {
            "uid": str(one["uid"]),
            "from": one.decoded("dtstart").isoformat(),
            "to": one.decoded("dtend").isoformat(),
            "title": str(one["summary"]),
            "text": str(one["description"]),
        }
        for one in calendar.walk("VEVENT")
    ]


def test_what_is_planned_is_there_with_whom_and_where_to_call(office) -> None:
    account = office.account(name="Müller; Söhne, GmbH")
    path = {"account_id": account["account_id"]}
    jutta = {"name": "Jutta", "phone": "+49 30 1234567", "roles": ["payer"]}
    contact = office.do("add_contact", **path, **jutta)
    visit = {"kind": "visit", "at": "2026-01-12T10:00:00Z", "minutes": 45, "subject": "Review"}
    planned = office.do("plan_activity", **path, **visit, contact_ids=[contact["contact_id"]])
    assert diary(office, account["owner_id"]) == [
        {
            "uid": f"{planned['activity_id']}@steward",
            "from": "2026-01-12T10:00:00+00:00",
            "to": "2026-01-12T10:45:00+00:00",
            "title": "Visit: Müller; Söhne, GmbH",
            "text": f"Review\nAccount {account['number']}\nJutta +49301234567",
        }
    ]
    office.do("cancel_activity", activity_id=planned["activity_id"], reason="No.")
    assert diary(office, account["owner_id"]) == []


def test_days_away_are_there_until_their_end_and_not_why(office) -> None:
    ada, ben = (office.staff(name=name)["staff_id"] for name in ("Ada", "Ben"))
    away = {"from_on": "2026-01-12", "until_on": "2026-01-14", "reason": "A broken leg."}
    office.do("plan_absence", staff_id=ada, delegate_id=ben, **away)
    [entry] = diary(office, ada)
    assert (entry["from"], entry["to"], entry["title"]) == ("2026-01-12", "2026-01-15", "Away")
    assert entry["text"] == "Ben stands in."


def test_nobody_has_no_diary(office) -> None:
    with pytest.raises(NotFound):
        office.get_diary(office.session, staff_id="stf_01jd3v4q6ye8z9t5k2m7n0p1xw")
