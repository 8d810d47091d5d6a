"""Claims about what is due on a day, in tables, over random lives of items, and on real data."""

from __future__ import annotations

import csv
import os
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kernel.calendar import each_day
from services.collections.dunning import rules
from services.collections.dunning.rules import Reason, decide
from services.collections.procedures.rules import Level
from tests.services.collections.examples import open_item

DUE = date(2026, 3, 1)
LEVELS = tuple(
    Level(number, name, delay, "preferred", number == 3, {})
    for number, name, delay in [
        (0, "Courtesy", -3),
        (1, "First", 5),
        (2, "Second", 20),
        (3, "Final", 40),
    ]
)


def _after(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "last_level", "sent_after", "level", "reason"),
    [
        (-4, None, None, 0, Reason.NOT_DUE_YET),
        (-3, None, None, 0, Reason.DUE),
        (-1, None, None, 0, Reason.DUE),
        (0, None, None, 1, Reason.NOT_DUE_YET),  # too late for a courtesy
        (4, None, None, 1, Reason.NOT_DUE_YET),
        (5, None, None, 1, Reason.DUE),
        (45, None, None, 1, Reason.DUE),  # none is skipped
        (-2, 0, -3, 1, Reason.NOT_DUE_YET),
        (5, 0, -1, 1, Reason.DUE),  # a late courtesy delays nothing
        (5, 1, 5, 2, Reason.NOT_DUE_YET),
        (19, 1, 5, 2, Reason.NOT_DUE_YET),
        (20, 1, 5, 2, Reason.DUE),
        (46, 1, 45, 2, Reason.NOT_DUE_YET),  # whoever is written to late has as long to pay
        (59, 1, 45, 2, Reason.NOT_DUE_YET),
        (60, 1, 45, 2, Reason.DUE),
        (40, 2, 20, 3, Reason.DUE),
        (99, 3, 40, 3, Reason.ALL_LEVELS_SENT),
        (20, 1, None, 1, Reason.LETTER_ON_ITS_WAY),
    ],
)
def test_the_level_due_is_the_next_one_when_its_time_has_come(
    days: int, last_level: int | None, sent_after: int | None, level: int, reason: Reason
) -> None:
    sent_on = None if sent_after is None else _after(sent_after)
    item = open_item(last_level=last_level, last_sent_on=sent_on)

    [decision] = decide([item], levels=LEVELS, on=_after(days))

    assert (decision.level, decision.reason) == (level, reason)
    if reason is Reason.NOT_DUE_YET:
        assert decision.until is not None
        [then] = decide([item], levels=LEVELS, on=decision.until)
        assert (then.level, then.reason) == (level, Reason.DUE)


@pytest.mark.parametrize(
    ("differently", "reason"),
    [
        ({"is_account_known": False}, Reason.ACCOUNT_NOT_KNOWN),
        ({"is_in_collections": True}, Reason.IN_COLLECTIONS),
        ({"hold_until": _after(90)}, Reason.ON_HOLD),
        ({"disputed": 100}, Reason.DISPUTED),
        ({"disputed": 60, "in_flight": 40}, Reason.DISPUTED),
        ({"in_flight": 100}, Reason.IN_FLIGHT),
        ({"in_flight": 100, "unapplied": 500}, Reason.IN_FLIGHT),
        ({"disputed": 60, "in_flight": 39}, Reason.DUE),
        ({"disputed": 60, "unapplied": 40}, Reason.NET_CREDIT),
        ({"unapplied": 100}, Reason.NET_CREDIT),
        ({"unapplied": 99}, Reason.DUE),
    ],
)
def test_what_may_not_be_asked_for_is_not_dunned_however_late(
    differently: dict[str, Any], reason: Reason
) -> None:
    [decision] = decide([open_item(**differently)], levels=LEVELS, on=_after(80))

    assert decision.reason is reason


def test_an_item_that_credit_covers_is_left_out_and_the_rest_is_asked_for() -> None:
    old, new = open_item(item_id="a"), open_item(item_id="b", due_date=_after(1))

    covered, due = decide(
        [replace(old, unapplied=130), replace(new, unapplied=130)], levels=LEVELS, on=_after(9)
    )

    assert covered.reason is Reason.COVERED_BY_CREDIT
    assert (due.reason, due.amount) == (Reason.DUE, 70)


def test_what_is_disputed_is_not_asked_for_and_not_covered_by_credit() -> None:
    """450.00 with 130.00 disputed: of the rest, and of the next, credit covers the oldest first."""
    contested = open_item(item_id="a", balance=45000, disputed=13000, unapplied=33000)
    later = open_item(item_id="b", balance=5000, due_date=_after(1), unapplied=33000)

    parts = [claim.amount for claim in rules.claims([replace(contested, unapplied=0), later])]
    assert parts == [32000, 5000]
    assert [claim.amount for claim in rules.claims([contested, later])] == [0, 4000]


def test_credit_in_one_currency_covers_nothing_in_another() -> None:
    euros, dollars = open_item(unapplied=500), open_item(item_id="b", currency="USD")

    decisions = decide([euros, dollars], levels=LEVELS, on=_after(9))

    assert [decision.reason for decision in decisions] == [Reason.NET_CREDIT, Reason.DUE]


def test_days_on_hold_do_not_count() -> None:
    [decision] = decide([open_item(days_frozen=10)], levels=LEVELS, on=_after(14))

    assert (decision.reason, decision.until) == (Reason.NOT_DUE_YET, _after(15))


@given(
    due=st.dates(),
    on=st.dates(),
    sent_on=st.none() | st.dates(),
    frozen=st.integers(0, 10**7),
    delays=st.lists(st.integers(-60, 3650), min_size=1, max_size=3, unique=True),
)
@example(due=date.max, on=_after(9), sent_on=None, frozen=0, delays=[5])
@example(due=DUE, on=_after(9), sent_on=date.max, frozen=0, delays=[5, 20])
@example(due=date.max, on=date.max, sent_on=None, frozen=1, delays=[5])
@example(due=date.min, on=date.min, sent_on=None, frozen=0, delays=[-60])
def test_there_is_a_decision_for_every_day_there_is(
    due: date, on: date, sent_on: date | None, frozen: int, delays: list[int]
) -> None:
    first = 0 if min(delays) < 0 else 1
    levels = tuple(
        Level(number, f"L{number}", delay, "post", False, {})
        for number, delay in enumerate(sorted(delays), first)
    )
    item = open_item(
        due_date=due,
        last_level=None if sent_on is None else levels[0].number,
        last_sent_on=sent_on,
        days_frozen=frozen,
    )

    [decision] = decide([item], levels=levels, on=on)

    if decision.reason is Reason.NOT_DUE_YET:
        assert decision.until is not None and on < decision.until


def test_a_procedure_without_levels_sends_nothing() -> None:
    [decision] = decide([open_item()], levels=(), on=_after(99))

    assert decision.reason is Reason.NO_LEVELS


def test_there_is_one_letter_for_each_account_level_and_currency() -> None:
    items = [
        open_item(item_id="a"),
        open_item(item_id="b"),
        open_item(item_id="c", last_level=1, last_sent_on=_after(5)),
        open_item(item_id="d", currency="USD"),
        open_item(item_id="e", account_id="acc_2"),
    ]

    letters = rules.propose(decide(items, levels=LEVELS, on=_after(21)))

    assert [
        (one.account_id, one.level, one.currency, len(one.decisions), one.total) for one in letters
    ] == [
        ("acc_1", 1, "EUR", 2, 200),
        ("acc_1", 2, "EUR", 1, 100),
        ("acc_1", 1, "USD", 1, 100),
        ("acc_2", 1, "EUR", 1, 100),
    ]


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    assert rules.sentence(reason, level=1, until=None).endswith(".")


@dataclass
class _Life:
    """An item's life: on which days the procedure runs, and whether the item is open then."""

    ladder: tuple[Level, ...]
    days: list[tuple[int, bool, int]]  # days after due, is open, unapplied credit


@st.composite
def _lives(draw: st.DrawFn) -> _Life:
    delays = sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=5)))
    ladder = [Level(n, f"L{n}", delay, "post", False, {}) for n, delay in enumerate(delays, 1)]
    if draw(st.booleans()):
        ladder.insert(0, Level(0, "Courtesy", draw(st.integers(-20, -1)), "post", False, {}))
    days = sorted(draw(st.sets(st.integers(-25, 200), max_size=80)))
    facts = [(day, draw(st.booleans()), draw(st.integers(0, 120))) for day in days]
    return _Life(tuple(ladder), facts)


@given(_lives())
def test_levels_are_never_skipped_never_repeated_and_never_early(life: _Life) -> None:
    item, sent = open_item(), []
    for days, is_open, unapplied in life.days:
        if not is_open:
            continue
        item = replace(item, unapplied=unapplied)
        [decision] = decide([item], levels=life.ladder, on=_after(days))
        if decision.is_due:
            sent.append((decision.level, days))
            assert decision.amount == 100 - unapplied > 0
            item = replace(item, last_level=decision.level, last_sent_on=_after(days))

    levels = [level for level, _ in sent]
    ladder = [level for level in levels if level != 0]
    assert ladder == list(range(1, len(ladder) + 1))
    assert levels.count(0) <= 1 and levels == sorted(levels)
    for level, days in sent:
        (step,) = [one for one in life.ladder if one.number == level]
        assert days >= step.delay_days
        assert level != 0 or days < 0


def _real_invoices() -> list[tuple[date, date]]:
    folder = os.environ.get("STEWARD_DATA") or Path(__file__).parents[4] / ".." / "shared" / "data"
    path = Path(folder) / "receivables" / "accounts-receivable.csv"
    if not path.exists():
        pytest.skip("the real receivables are not on this machine; STEWARD_DATA names their folder")

    def day(text: str) -> date:
        return datetime.strptime(text, "%m/%d/%Y").date()

    with path.open() as lines:
        return [(day(row["DueDate"]), day(row["SettledDate"])) for row in csv.DictReader(lines)]


def test_daily_runs_over_real_receivables_send_152_22_and_0_letters() -> None:
    """Payments of a day are entered before that day's run: settled on T is not open on T."""
    last = date(2012, 6, 30)
    items = {
        number: (open_item(item_id=str(number), account_id=str(number), due_date=due), settled)
        for number, (due, settled) in enumerate(_real_invoices())
        if due <= last + timedelta(days=3)
    }
    sent: Counter[int] = Counter()
    for day in each_day(date(2012, 1, 3), last):
        still_open = [item for item, settled in items.values() if day < settled]
        for decision in decide(still_open, levels=LEVELS, on=day):
            if decision.is_due:
                assert decision.level is not None
                sent[decision.level] += 1
                number = int(decision.item.item_id)
                item = replace(decision.item, last_level=decision.level, last_sent_on=day)
                items[number] = (item, items[number][1])

    assert [sent[level] for level in (1, 2, 3)] == [152, 22, 0]
    assert sent[0] > 152
