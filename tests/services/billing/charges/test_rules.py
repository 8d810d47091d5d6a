"""What may be done with a charge, and what it says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kernel.refusals import Conflict
from services.billing.charges import rules
from services.billing.charges.rules import ChargeAction, ChargeKind, ChargeStatus
from services.billing.courses.rules import Part, Price, Stretch
from services.billing.service_periods.rules import Period
from tests.services.tables import claim_moves


def test_a_charge_is_paused_resumed_and_ended_as_claimed():
    running, paused, ended = ChargeStatus
    change, pause, resume, end, finish = (
        ChargeAction(each) for each in ["change", "pause", "resume", "end", "finish"]
    )
    claim_moves(
        rules.move,
        (ChargeStatus, ChargeAction),
        {
            (running, change): running,
            (running, pause): paused,
            (paused, change): paused,
            (paused, resume): running,
            (ended, change): ended,
            (running, end): running,
            (paused, end): paused,
            (ended, end): running,
            **{(status, finish): ended for status in ChargeStatus},
        },
    )


def test_each_line_of_a_change_has_a_key_of_its_own():
    period = Period(date(2026, 3, 1), date(2026, 3, 31))
    prices = [Price(amount, Decimal(1)) for amount in (100, 200)]
    parts = [Part(*period, price, -1) for price in prices]
    lines = rules.change_lines("chg", parts, Stretch(period, *period, period.first), version=3)
    assert [line.key for line in lines] == ["chg:2026-03-01:3:0", "chg:2026-03-01:3:1"]


def test_what_is_charged_once_is_not_paused():
    with pytest.raises(Conflict) as refused:
        rules.move(ChargeStatus.RUNNING, ChargeAction.PAUSE, kind=ChargeKind.ONE_OFF)
    assert refused.value.code == "not_recurring"
