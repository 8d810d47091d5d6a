"""What may be done with a charge, and what it says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kernel.money import AMOUNT_MAX
from kernel.refusals import Conflict, Invalid
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


@pytest.mark.parametrize(
    ("price", "quantity", "field", "most"),
    [
        (10**15, "1", "unit_price", Decimal(840336134453781)),
        (10**15, "0.5", "unit_price", AMOUNT_MAX),
        (3 * 10**14, "3", "unit_price", Decimal(280112044817927)),
        (10**15, "2.5", "quantity", Decimal("0.840")),
        (10**9, "9999999.999", "quantity", Decimal("840336.134")),
    ],
)
def test_a_price_is_no_more_than_can_be_billed_with_its_tax(price, quantity, field, most):
    asked = {"unit_price": price, "quantity": Decimal(quantity)}
    if most == AMOUNT_MAX:  # at half of it, it can be
        rules.require_price(Price(**asked), Decimal(19), field=field)
        return
    with pytest.raises(Invalid) as refused:
        rules.require_price(Price(**asked), Decimal(19), field=field)
    assert refused.value.errors[0]["field"] == field
    assert f"give {most.normalize():f} or less" in refused.value.detail
    least = int(most) if field == "unit_price" else most
    rules.require_price(Price(**asked | {field: least}), Decimal(19), field=field)


@pytest.mark.parametrize(
    ("kind", "given", "field", "says"),
    [
        ("recurring", ["unit"], "timing", "kind recurring needs timing; say that"),
        ("recurring", [], "timing", "needs timing and unit;"),
        ("usage", ["unit", "timing", "quantity"], "quantity", "has no quantity and no timing;"),
        ("one_off", ["unit"], "unit", "has no unit; leave that out. What it may have: quantity."),
    ],
)
def test_what_does_not_go_with_a_kind_or_is_missing_is_named(kind, given, field, says):
    with pytest.raises(Invalid, match=says) as refused:
        rules.require_kind(kind, **dict.fromkeys(given, 1))
    assert refused.value.errors[0]["field"] == field


@pytest.mark.parametrize(("used", "says"), [("1", "1 was used"), ("2.50", "2.5 were used")])
def test_what_was_told_before_under_a_name_is_said(used, says):
    day = date(2026, 3, 1)
    with pytest.raises(Conflict, match=says):
        rules.require_same_usage((Decimal(used), day), (Decimal(9), day), "meter-1")
