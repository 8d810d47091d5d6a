"""Who comes first is decided by stated points; whom to speak to, how and when by stated order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from kernel.refusals import Conflict, Invalid
from services.accounts.accounts.rules import Channel, ContactRole, Tier
from services.accounts.calendars.rules import client_hours
from services.accounts.worklist.rules import (
    OVERDUE,
    REST_DAYS,
    Answer,
    Candidate,
    ItemAction,
    ItemStatus,
    Outcome,
    Person,
    Reason,
    answer_reasons,
    at_stake,
    choose_contact,
    closed_channels,
    contact_hours,
    explain,
    how_to_reach,
    move_item,
    rank,
    require_snooze,
    rests_until,
    say_closed,
    wanted_channel,
    when_read,
)

TODAY = date(2026, 1, 5)

money = st.builds(Money, st.integers(0, 10**12), st.sampled_from(["EUR", "JPY", "KWD"]))
reasons = st.builds(
    Reason,
    kind=st.sampled_from([OVERDUE, "hand_over_returned", "onboarding_stuck", "broken_promise"]),
    about=st.sampled_from(["", "EUR", "USD"]),
    since_on=st.dates(date(2025, 1, 1), date(2026, 3, 1)),
    amount=st.none() | money,
)
candidates = st.lists(
    st.builds(
        Candidate,
        account_id=st.text("abc", min_size=1, max_size=4),
        tier=st.sampled_from(Tier),
        reasons=st.lists(reasons, min_size=1, max_size=3).map(tuple),
    ),
    unique_by=lambda one: one.account_id,
    max_size=8,
)


def since(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("reason", "tier", "score"),
    [
        (Reason(OVERDUE, "EUR", since(0), Money(99, "EUR")), Tier.SMALL, 40),
        (Reason(OVERDUE, "EUR", since(0), Money(100, "EUR")), Tier.SMALL, 50),
        (Reason(OVERDUE, "EUR", since(5), Money(123_456, "EUR")), Tier.STANDARD, 95),
        (Reason(OVERDUE, "JPY", since(5), Money(1_234, "JPY")), Tier.STANDARD, 95),
        (Reason(OVERDUE, "EUR", since(500), Money(10**12, "EUR")), Tier.KEY, 180),
        (Reason(OVERDUE, "EUR", since(-3), Money(0, "EUR")), Tier.SMALL, 40),
        (Reason("hand_over_returned", "p", since(1)), Tier.SMALL, 61),
        (Reason("onboarding_stuck", "", since(8)), Tier.KEY, 48),
        (Reason("broken_promise", "", since(0)), Tier.SMALL, 50),
        (Reason("new_word", "", since(0)), Tier.SMALL, 30),
    ],
)
def test_a_score_is_the_sum_of_stated_points(reason: Reason, tier: Tier, score: int) -> None:
    [ranked] = rank([Candidate("a", tier, (reason,))], TODAY)
    assert ranked.score == score


@given(candidates, st.randoms(use_true_random=False))
def test_the_order_of_a_worklist_is_total(found: list[Candidate], order) -> None:
    ranked = rank(found, TODAY)
    shuffled = [
        Candidate(one.account_id, one.tier, tuple(order.sample(one.reasons, len(one.reasons))))
        for one in found
    ]
    order.shuffle(shuffled)
    again = rank(shuffled, TODAY)
    assert [(one.candidate.account_id, one.score) for one in again] == [
        (one.candidate.account_id, one.score) for one in ranked
    ]


@given(candidates)
def test_every_account_is_on_the_list_once_and_its_parts_add_up(found: list[Candidate]) -> None:
    ranked = rank(found, TODAY)
    assert sorted(one.candidate.account_id for one in ranked) == sorted(
        one.account_id for one in found
    )
    assert all(sum(part.points for part in one.parts) == one.score for one in ranked)
    scores = [one.score for one in ranked]
    assert scores == sorted(scores, reverse=True)


def test_who_waited_longer_comes_first_among_equals() -> None:
    long, longer = (Reason(OVERDUE, "EUR", since(days)) for days in (100, 200))
    ranked = rank(
        [Candidate("a", Tier.SMALL, (long,)), Candidate("b", Tier.SMALL, (longer,))], TODAY
    )
    assert [one.candidate.account_id for one in ranked] == ["b", "a"]
    assert ranked[0].score == ranked[1].score


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (
            Reason(OVERDUE, "EUR", since(1), Money(11900, "EUR"), oldest_due_date=since(9)),
            "119.00 EUR is overdue; the oldest of it was due on 2025-12-27.",
        ),
        (
            Reason(OVERDUE, "EUR", since(1), Money(11900, "EUR"), sentence="They do not pay."),
            "They do not pay.",
        ),
        (
            Reason("broken_promise", "EUR", since(1), Money(100, "EUR")),
            "Broken promise: 1.00 EUR since 2026-01-04.",
        ),
    ],
)
def test_why_now_is_a_sentence(reason: Reason, sentence: str) -> None:
    assert explain(reason) == sentence


def person(contact_id: str, *roles: str, email: str | None = None, phone: str | None = None):
    return Person(contact_id, contact_id, frozenset(map(ContactRole, roles)), email, phone)


@pytest.mark.parametrize(
    ("people", "kind", "chosen"),
    [
        ([], OVERDUE, None),
        ([person("a", "decision_maker"), person("b", "payer")], OVERDUE, "b"),
        ([person("a", "shipping"), person("b", "disputes")], "hand_over_returned", "b"),
        ([person("b", "payer"), person("a", "payer")], OVERDUE, "a"),
        ([person("b", "shipping"), person("a")], OVERDUE, "a"),
    ],
)
def test_who_pays_is_asked_for_money(people: list[Person], kind: str, chosen: str | None) -> None:
    found = choose_contact(people, Reason(kind, "", TODAY))
    assert (found and found.contact_id) == chosen


@pytest.mark.parametrize(
    ("roles", "chosen"),
    [
        (("shipping", "payer"), "b"),
        (("warehouse", "shipping"), "b"),
        (("warehouse",), "a"),
        ((), "a"),
    ],
)
def test_whom_the_reason_names_is_asked_first(roles: tuple[str, ...], chosen: str) -> None:
    people = [person("a", "payer"), person("b", "shipping")]
    found = choose_contact(people, Reason("shipment_late", "", TODAY, roles=roles))
    assert found and found.contact_id == chosen


@pytest.mark.parametrize(
    ("channel", "wanted"), [("phone", "phone"), (None, "email"), ("pigeon", "email")]
)
def test_a_reasons_channel_comes_before_the_clients(channel: str | None, wanted: str) -> None:
    assert wanted_channel(Reason("bounced", "", TODAY, channel=channel), Channel.EMAIL) == wanted


@pytest.mark.parametrize(
    ("earliest", "begins"),
    [
        ([None], "2026-01-05T09:00:00+01:00"),
        (["2026-01-05T12:30Z", None], "2026-01-05T09:00:00+01:00"),
        (["2026-01-05T12:30Z"], "2026-01-05T13:30:00+01:00"),
        (["2026-01-04T12:30Z"], "2026-01-05T09:00:00+01:00"),
        (["2026-01-06T22:00Z", "2026-01-05T16:30Z"], "2026-01-06T09:00:00+01:00"),
    ],
)
def test_nobody_is_reached_before_the_first_reason_allows_it(
    earliest: list[str | None], begins: str
) -> None:
    moment = datetime(2026, 1, 5, 10, tzinfo=UTC)
    of_each = [one and datetime.fromisoformat(one) for one in earliest]
    reasons = [Reason("callback", "", TODAY, earliest_at=one or None) for one in of_each]
    start, _ = contact_hours(reasons, moment, client_hours("DE", "Europe/Berlin", None))
    assert start.isoformat() == begins


def consent(channel: str, *, is_given: bool) -> dict[str, Any]:
    since = datetime(2026, 1, 5, 9, tzinfo=UTC)
    return {"channel": Channel(channel), "is_given": is_given, "since": since}


@pytest.mark.parametrize(
    ("preferred", "email", "phone", "account_email", "reached"),
    [
        ("phone", "p@x.example", "+491", "a@x.example", ("phone", "+491")),
        ("phone", "p@x.example", None, "a@x.example", ("email", "p@x.example")),
        ("email", None, "+491", "a@x.example", ("email", "a@x.example")),
        ("email", None, "+491", None, ("phone", "+491")),
        ("email", None, None, None, ("post", None)),
        ("post", "p@x.example", "+491", None, ("post", None)),
    ],
)
def test_the_preferred_channel_is_used_where_it_leads_somewhere(
    preferred: str, email, phone, account_email, reached
) -> None:
    somebody = person("a", email=email, phone=phone)
    assert how_to_reach(Channel(preferred), somebody, account_email) == reached


@pytest.mark.parametrize(
    ("refused", "reached", "note"),
    [
        ("", ("email", "p@x.example"), None),
        ("phone", ("email", "p@x.example"), None),
        ("email", ("phone", "+491"), "Not by email: refused since 2026-01-05."),
        ("email phone", ("post", None), "Not by email: refused since 2026-01-05."),
        (
            "email phone post",
            (None, None),
            "No channel is left (email: refused since 2026-01-05; phone: refused since 2026-01-05; "
            "post: refused since 2026-01-05): ask them for one, and record their consent.",
        ),
    ],
)
def test_what_the_client_refuses_is_not_proposed(refused: str, reached, note: str | None) -> None:
    said = [consent(channel, is_given=False) for channel in refused.split()]
    closed = closed_channels("overdue", said)
    found = how_to_reach(
        Channel.EMAIL, person("a", email="p@x.example", phone="+491"), None, closed
    )
    assert found == reached
    assert say_closed(Channel.EMAIL, found[0], closed) == note


def test_a_channel_without_a_number_is_none_that_is_left() -> None:
    closed = closed_channels("overdue", [consent("post", is_given=False)])
    assert how_to_reach(Channel.PHONE, None, None, closed) == (None, None)
    assert "phone: not known" in str(say_closed(Channel.PHONE, None, closed))


@pytest.mark.parametrize(
    ("kind", "said", "is_closed"),
    [
        ("overdue", [], False),
        ("upsell_due", [], True),
        ("upsell_due", [False], True),
        ("upsell_due", [True], False),
    ],
)
def test_only_advertising_by_email_needs_consent_beforehand(kind: str, said, is_closed) -> None:
    consents = [consent("email", is_given=is_given) for is_given in said]
    assert (Channel.EMAIL in closed_channels(kind, consents)) is is_closed
    assert not {Channel.PHONE, Channel.POST} & closed_channels(kind, consents).keys()


def test_without_a_contact_the_account_itself_is_reached() -> None:
    assert how_to_reach(Channel.PHONE, None, "a@x.example") == ("email", "a@x.example")


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2026-01-06", "2026-01-05T22:00Z"),  # it is that day here already
        ("2026-01-05", "2026-01-04T11:00Z"),
        ("2026-01-07", "2026-01-06T11:00Z"),
    ],
)
def test_the_list_of_another_day_is_read_when_that_begins(day: str, moment: str) -> None:
    now, zone = datetime(2026, 1, 5, 22, tzinfo=UTC), ZoneInfo("Pacific/Auckland")
    read = when_read(date.fromisoformat(day), now, zone)
    assert read == datetime.fromisoformat(moment)


def test_every_outcome_rests_the_reasons_for_a_while() -> None:
    assert REST_DAYS.keys() == set(Outcome)
    assert all(rests_until(outcome, TODAY) > TODAY for outcome in Outcome)
    assert all(rests_until(outcome, date.max) == date.max for outcome in Outcome)


@pytest.mark.parametrize(("days", "is_allowed"), [(0, False), (1, True), (90, True), (91, False)])
def test_an_item_sleeps_from_a_day_to_a_quarter(days: int, is_allowed: bool) -> None:
    until = TODAY + timedelta(days=days)
    if is_allowed:
        require_snooze(until, TODAY)
    else:
        with pytest.raises(Invalid):
            require_snooze(until, TODAY)


@pytest.mark.parametrize("action", ItemAction)
def test_only_open_items_are_worked_on(action: ItemAction) -> None:
    assert move_item(ItemStatus.OPEN, action) in ItemStatus
    for status in (ItemStatus.DONE, ItemStatus.SETTLED):
        with pytest.raises(Conflict, match=f"is {status} already"):
            move_item(status, action)


WANTED = [("overdue", "EUR"), ("callback", "cal_1")]


def named(kind: str, about: str, outcome: Outcome = Outcome.REACHED, note: str | None = None):
    return {"kind": kind, "about": about, "outcome": outcome, "note": note}


def test_what_is_said_of_all_is_said_of_each_but_those_that_are_named() -> None:
    answers = answer_reasons(
        WANTED,
        outcome=Outcome.WILL_PAY,
        note="On Friday.",
        named=[named("callback", "cal_1", Outcome.OTHER, "It was about a cake.")],
    )
    assert answers == {
        ("overdue", "EUR"): Answer(Outcome.WILL_PAY, "On Friday."),
        ("callback", "cal_1"): Answer(Outcome.OTHER, "It was about a cake."),
    }


def test_what_is_said_of_one_says_nothing_of_the_others() -> None:
    answers = answer_reasons(WANTED, outcome=None, note=None, named=[named("callback", "cal_1")])
    assert answers == {("callback", "cal_1"): Answer(Outcome.REACHED, None)}


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({}, "outcome_missing", "outcome"),
        ({"outcome": Outcome.OTHER}, "note_missing", "note"),
        ({"named": [named("callback", "cal_1", Outcome.OTHER)]}, "note_missing", "note"),
        ({"named": [named("callback", "cal_2")]}, "reason_not_on_item", "reasons"),
        ({"named": [named("callback", "cal_1")] * 2}, "reason_twice", "reasons"),
    ],
)
def test_an_outcome_says_something_of_what_is_there(said, code: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        answer_reasons(WANTED, **{"outcome": None, "note": None, "named": []} | said)
    [error] = refusal.value.errors
    assert (refusal.value.code, error["field"]) == (code, field)


def test_a_weight_that_was_set_counts() -> None:
    reason = Reason(OVERDUE, "EUR", since(0))
    [ranked] = rank([Candidate("a", Tier.SMALL, (reason,))], TODAY, {OVERDUE: 5})
    assert ranked.score == 5


def test_what_is_at_stake_is_summed_by_currency() -> None:
    found = [
        Reason(kind, "", TODAY, amount)
        for kind, amount in [
            ("a", Money(100, "USD")),
            ("b", Money(200, "EUR")),
            ("c", Money(50, "USD")),
            ("d", None),
        ]
    ]
    assert at_stake(found) == [Money(200, "EUR"), Money(150, "USD")]
