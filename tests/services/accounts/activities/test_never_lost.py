"""Whatever is done with activities: a planned one is to come, stands as a reason, or has its outcome."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kernel.refusals import Refusal
from services.accounts.activities.models import Activity
from services.accounts.reasons.models import ToldReason
from tests.services.accounts.activities.client import DAY, Client

pytestmark = pytest.mark.server


@pytest.fixture
def client(office) -> Client:
    return Client(office)


VERBS = st.sampled_from(["plan", "hold", "miss", "reschedule", "cancel", "log", "wait"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(VERBS, st.integers(0, 9), st.integers(1, 90)), max_size=15))
def test_no_planned_activity_is_ever_without_outcome_or_standing(
    client: Client, steps: list[tuple[str, int, int]]
) -> None:
    office, known = client.office, [client.plan(at=(client.office.moment + DAY).isoformat())]
    for verb, which, hours in steps:
        activity = known[which % len(known)]
        later = (office.moment + timedelta(hours=hours)).isoformat()
        said = {"outcome": "not_reached", "minutes": 1}
        try:
            if verb == "plan":
                known.append(client.plan(at=later))
            elif verb == "log":
                known.append(client.log(**said)["created"])
            elif verb == "wait":
                office.pass_until(office.moment + timedelta(hours=hours))
            elif verb == "hold":
                client.do(verb, activity, outcome="reached", minutes=1)
            else:
                facts = {"at": later} if verb == "reschedule" else {}
                answer = client.do(verb, activity, reason="So it is.", **facts)
                known.append(answer if verb == "reschedule" else activity)
        except Refusal:
            pass
        require_nothing_lost(client)


def require_nothing_lost(client: Client) -> None:
    """Whatever is planned is still to come, or stands as a reason; what has an outcome does not."""
    office = client.office
    office.pass_until(office.moment)
    told = select(ToldReason.about).where(
        ToldReason.account_id == client.account_id,
        ToldReason.reason == "visit_due",
        ToldReason.is_standing,
    )
    stands = set(office.session.scalars(told))
    own = select(Activity).where(Activity.account_id == client.account_id)
    activities = office.session.scalars(own).all()
    over = {
        one.activity_id
        for one in activities
        if one.status == "planned" and one.ends_at <= office.moment
    }
    assert stands == over
    assert all((one.closed_at is None) == (one.status == "planned") for one in activities)
    to_come = {one.activity_id for one in activities if one.status == "planned"} - over
    assert {key for name, key in office.due_times if name == "activity_due"} == to_come
