"""What was used of a period is billed after it, each record once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kernel.refusals import Refusal
from services.billing.charges.models import ChargeUsage
from services.billing.charges.queries import list_usage, preview_periods
from services.billing.usage.usecases import record_usage
from tests.services.billing.charging import Charging, day
from tests.services.billing.conftest import Books

pytestmark = pytest.mark.server


@pytest.fixture
def charging(books: Books, account: str) -> Charging:
    books.today = day("05-01")
    return Charging(books, account)


@pytest.fixture
def metered(charging: Charging) -> str:
    """3.20 each, billed monthly."""
    return charging.add(kind="usage", unit_price=320, unit="month")


def use(
    charging: Charging, charge_id: str, on: str | None = None, quantity: str = "5", **facts: Any
) -> ChargeUsage:
    told = {"external_id": f"of {on or charging.books.today}"} | facts
    return record_usage(
        charging.session,
        charge_id=charge_id,
        quantity=Decimal(quantity),
        used_on=None if on is None else day(on),
        **told,
        **charging.books.moment,
    )


@pytest.mark.parametrize(("skipped", "billed"), [(0, 49600), (1, 48000)])
def test_what_was_used_is_billed_in_arrears(charging, metered, skipped, billed) -> None:
    """5 each day from 1 May: on 1 June 155 × 3.20 = 496.00, next on 1 July; one day skipped, 480.00."""
    for number in range(1 + skipped, 32):
        charging.on(f"05-{number:02}")
        use(charging, metered)
    ahead = preview_periods(charging.session, charge_id=metered, limit=1)["periods"]
    assert [one["net"] for one in ahead] == [billed]
    charging.on("06-01")
    charging.record()
    assert charging.pending(metered) == [("05-01", "05-31", billed)]
    assert charging.charge(metered).next_on == day("07-01")


def test_a_record_that_comes_twice_is_kept_once(charging, metered) -> None:
    first = use(charging, metered, external_id="r1")
    assert use(charging, metered, external_id="r1") is first
    charging.on("05-02")
    assert use(charging, metered, external_id="r1") is first  # today was then
    with pytest.raises(Refusal) as refused:
        use(charging, metered, external_id="r1", quantity="6")
    assert refused.value.code == "external_id_used"
    page = list_usage(charging.session, charge_id=metered, limit=9, after=None)
    assert [one.usage_id for one in page["items"]] == [first.usage_id]


def test_what_comes_after_its_period_is_billed_by_itself(charging, metered) -> None:
    charging.on("06-02")
    charging.record()
    assert charging.pending(metered) == []
    use(charging, metered, "05-20")
    use(charging, metered, "06-01")
    assert charging.pending(metered) == [("05-20", "05-20", 1600)]
    charging.on("07-01")
    charging.record()
    assert charging.pending(metered) == [("05-20", "05-20", 1600), ("06-01", "06-30", 1600)]


def test_what_was_used_costs_what_was_agreed_for_its_day(charging, metered) -> None:
    charging.on("05-20")
    for on in ("05-01", "05-14", "05-15"):
        use(charging, metered, on)
    charging.act("change", metered, "05-15", unit_price=400)
    charging.on("06-01")
    charging.record()
    assert charging.pending(metered) == [("05-01", "05-14", 3200), ("05-15", "05-31", 2000)]


@pytest.mark.parametrize(
    ("used_on", "code"),
    [("05-21", "in_future"), ("04-30", "outside_charge"), ("05-18", "outside_charge")],
)
def test_what_cannot_have_been_used_is_refused(charging, metered, used_on, code) -> None:
    charging.act("end", metered, "05-17")
    charging.on("05-20")
    with pytest.raises(Refusal) as refused:
        use(charging, metered, used_on)
    assert refused.value.code == code


def test_what_was_used_stays_priced_and_within_its_charge(charging, metered) -> None:
    charging.on("06-02")
    use(charging, metered, "06-01")
    charging.record()
    recurring = charging.add()
    charging.act("pause", metered, "06-02")
    refused = []
    for act in (
        lambda: charging.act("change", metered, "05-31", unit_price=1),
        lambda: charging.act("change", metered, unit_price=1, quantity=Decimal(2)),
        lambda: charging.act("end", metered, "05-31"),
        lambda: use(charging, metered),
        lambda: use(charging, recurring),
    ):
        with pytest.raises(Refusal) as error:
            act()
        refused.append(error.value.code)
    assert refused == [
        "already_recorded", "charge_unclear", "used_later", "charge_rests", "not_usage",
    ]  # fmt: skip
