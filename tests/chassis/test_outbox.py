"""What is announced is what listeners were promised."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, fields, validate

from chassis import outbox
from chassis.events import AccountEvent
from chassis.fields import Currency, Day, Id, Minor, Schema, Total
from kernel.money import AMOUNT_MAX, TOTAL_MAX

ACCOUNT = "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"


class Part(Schema):
    """A part of something."""

    part_id = Id("prt", required=True)
    amount = Minor(required=True, least=1)
    kind = fields.String(validate=validate.OneOf(["big", "small"]))


class ThingMade(AccountEvent):
    """Something was made."""

    amount = Minor(required=True)
    balance = Total(required=True)
    currency = Currency(required=True)
    made_on = Day(allow_none=True)
    parts = fields.List(fields.Nested(Part), required=True)
    whole = fields.Nested(Part, allow_none=True)

    example: ClassVar[dict[str, Any]] = {
        "account_id": ACCOUNT,
        "amount": 1,
        "balance": 2,
        "currency": "EUR",
        "made_on": None,
        "parts": [{"part_id": "prt_01jd3v4q6ye8z9t5k2m7n0p1xw", "amount": 1, "kind": "big"}],
        "whole": None,
    }


PART = ThingMade.example["parts"][0]


def announce(**values: Any) -> list[Any]:
    session: Any = SimpleNamespace(info={})
    outbox.announce(session, ThingMade, **{**ThingMade.example, **values})
    return session.info["announced"]


def test_what_is_promised_is_announced() -> None:
    [(event, data, cause)] = announce(amount=AMOUNT_MAX, balance=-TOTAL_MAX, whole=PART)
    assert (event, cause) == (ThingMade, ("", None))
    assert data == {
        **ThingMade.example,
        "amount": AMOUNT_MAX,
        "balance": -TOTAL_MAX,
        "whole": PART,
    }


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": AMOUNT_MAX + 1}, "amount"),
        ({"amount": None}, "amount"),
        ({"balance": TOTAL_MAX + 1}, "balance"),
        ({"currency": "XXX"}, "currency"),
        ({"account_id": "con_01jd3v4q6ye8z9t5k2m7n0p1xw"}, "account_id"),
        ({"parts": [PART, {**PART, "amount": 0}]}, "parts"),
        ({"parts": [{"amount": 1}]}, "part_id"),
        ({"whole": {**PART, "kind": "middling"}}, "kind"),
    ],
)
def test_what_a_listener_would_refuse_is_not_announced(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(AssertionError, match=field):
        announce(**wrong)


def test_what_no_listener_was_promised_is_not_announced() -> None:
    with pytest.raises(AssertionError, match="declares no colour"):
        announce(colour="red")


@pytest.mark.parametrize("day", [date.min, date.max], ids=str)
def test_a_day_that_was_agreed_before_days_had_bounds_is_told_as_it_is(day: date) -> None:
    [(_, data, _)] = announce(made_on=day)
    assert data["made_on"] == day.isoformat()


ODD = st.one_of(
    st.none(),
    st.integers(-(2**60), 2**60),
    st.sampled_from([AMOUNT_MAX, AMOUNT_MAX + 1, TOTAL_MAX, True, 1.5, "", "EUR", ACCOUNT]),
    st.sampled_from(["2026-01-31", "big", PART["part_id"]]),
)


@given(
    st.dictionaries(st.sampled_from([*ThingMade().fields]), ODD, max_size=2),
    st.dictionaries(st.sampled_from([*Part().fields]), ODD, max_size=2),
    st.sets(st.sampled_from([*ThingMade().fields, *Part().fields])),
)
def test_the_quick_check_says_what_the_schema_says(
    changed: dict[str, Any], changed_part: dict[str, Any], left_out: set[str]
) -> None:
    part = {**PART, **changed_part}
    data = {**ThingMade.example, "parts": [part], "whole": part, **changed}
    for level in (data, part):
        for name in left_out & level.keys():
            del level[name]
    schema, check, _ = outbox._promise(ThingMade)
    try:
        check(data)
        is_right = True
    except ValidationError:
        is_right = False
    assert is_right == (schema.validate(data) == {})
