"""An absence goes through its states, and its delegate is somebody who is there."""

from __future__ import annotations

from datetime import date

import pytest

from kernel.refusals import Conflict, Invalid
from services.accounts.absences.rules import (
    Action,
    Days,
    Status,
    next_status,
    require_delegate,
    require_longer,
    require_no_other,
    require_there,
)
from tests.services.tables import claim_moves

MARCH = Days(date(2026, 3, 9), date(2026, 3, 13))
LEADS_TO = {
    (Status.PLANNED, Action.BEGIN): Status.AWAY,
    (Status.PLANNED, Action.EXTEND): Status.PLANNED,
    (Status.PLANNED, Action.CANCEL): Status.CANCELLED,
    (Status.AWAY, Action.END): Status.ENDED,
    (Status.AWAY, Action.EXTEND): Status.AWAY,
}


def test_each_status_takes_what_the_table_says() -> None:
    claim_moves(next_status, (Status, Action), LEADS_TO)


def test_nobody_stands_in_for_themselves() -> None:
    with pytest.raises(Invalid) as refused:
        require_delegate(staff_id="ada", delegate_id="ada")
    assert refused.value.code == "delegate_oneself"
    require_delegate(staff_id="ada", delegate_id="ben")


@pytest.mark.parametrize(
    ("other", "is_away"),
    [
        (Days(date(2026, 3, 2), date(2026, 3, 8)), False),
        (Days(date(2026, 3, 2), date(2026, 3, 9)), True),
        (Days(date(2026, 3, 10), date(2026, 3, 11)), True),
        (Days(date(2026, 3, 13), date(2026, 3, 20)), True),
        (Days(date(2026, 3, 14), date(2026, 3, 20)), False),
    ],
)
def test_a_delegate_is_there_all_the_time(other: Days, is_away: bool) -> None:
    if not is_away:
        require_there("Ben Cole", MARCH, [other])
        require_no_other(MARCH, [other])
        return
    with pytest.raises(Conflict) as refused:
        require_there("Ben Cole", MARCH, [other])
    assert refused.value.code == "delegate_away"
    assert f"{other.from_on} to {other.until_on}" in refused.value.detail
    with pytest.raises(Conflict) as refused:
        require_no_other(MARCH, [other])
    assert refused.value.code == "absence_overlaps"


@pytest.mark.parametrize("until_on", [date(2026, 3, 12), date(2026, 3, 13)])
def test_an_extension_is_longer(until_on: date) -> None:
    with pytest.raises(Invalid) as refused:
        require_longer(until_on=MARCH.until_on, new_until_on=until_on)
    assert refused.value.code == "not_longer"
    require_longer(until_on=MARCH.until_on, new_until_on=date(2026, 3, 14))
