"""The timeline keeps every event of every service once, in order, and shows its gaps."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.refusals import NotFound

pytestmark = pytest.mark.server


def make_events(office, account_id: str) -> list:
    """Events of all four services, some at the same moment."""
    made = []
    for hour, (source, name) in enumerate(
        [
            ("accounts", "account_opened"),
            ("sales", "order_confirmed"),
            ("billing", "invoice_issued"),
            ("billing", "balance_changed"),
            ("accounts", "account_activated"),
            ("collections", "dunning_notice_sent"),
            ("billing", "invoice_paid"),
            ("billing", "something_new"),
        ]
    ):
        event = office.envelope(source, name, account_id=account_id, number=f"N-{hour}")
        made.append(replace(event, occurred_at=office.moment + timedelta(hours=hour // 2)))
    return made


def remember(office, *events) -> None:
    # Only the timeline's handlers: what the events mean to others is not asked here.
    for source in {event.source for event in events}:
        office.events = [event for event in events if event.source == source]
        getattr(office, f"remember_{source}_events")(office.session, [])


def test_everything_of_all_services_is_there_in_order(office) -> None:
    account_id = office.account()["account_id"]
    made = make_events(office, account_id)
    remember(office, *made)
    timeline = office.do("get_timeline", account_id=account_id)
    in_order = sorted(made, key=lambda event: (event.occurred_at, event.source, event.sequence))
    assert [one["event_id"] for one in timeline["items"]] == [one.event_id for one in in_order]
    assert timeline["items"][0]["data"] == made[0].data
    assert (timeline["is_complete"], timeline["missing"]) == (True, [])


@given(order=st.randoms(use_true_random=False), repeats=st.integers(0, 5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_late_and_repeated_events_give_the_same_timeline(
    office, order: random.Random, repeats: int
) -> None:
    account_id = office.account()["account_id"]
    made = make_events(office, account_id)
    remember(office, *made)
    straight = office.do("get_timeline", account_id=account_id)

    other_id = office.account()["account_id"]
    shuffled = [
        replace(event, event_id=f"{event.event_id}-again", subject=other_id) for event in made
    ]
    shuffled += order.choices(shuffled, k=repeats)
    order.shuffle(shuffled)
    while shuffled:
        together = order.randint(1, 4)
        remember(office, *shuffled[:together])
        del shuffled[:together]
    mixed = office.do("get_timeline", account_id=other_id)

    def told(timeline):
        return [(one["source"], one["sequence"], one["summary"]) for one in timeline["items"]]

    assert told(mixed) == told(straight)
    assert mixed["is_complete"] is True


def test_an_event_that_has_not_arrived_is_missed_until_it_does(office) -> None:
    account_id = office.account()["account_id"]
    made = make_events(office, account_id)
    late = [event for event in made if event.source == "billing" and event.sequence in {2, 3}]
    remember(office, *(event for event in made if event not in late))
    timeline = office.do("get_timeline", account_id=account_id, limit=1)
    assert timeline["is_complete"] is False
    assert timeline["missing"] == [{"source": "billing", "first": 2, "last": 3}]
    remember(office, *late)
    assert office.do("get_timeline", account_id=account_id)["is_complete"] is True


@pytest.mark.parametrize("order", ["oldest_first", "newest_first"])
def test_pages_together_are_the_whole(office, order: str) -> None:
    account_id = office.account()["account_id"]
    remember(office, *make_events(office, account_id))
    whole = office.do("get_timeline", account_id=account_id, order=order)["items"]
    pages, after = [], {}
    while after is not None:
        page = office.do("get_timeline", account_id=account_id, order=order, limit=3, **after)
        pages += page["items"]
        after = {"after": page["next_after"]} if page["has_more"] else None
    assert pages == whole
    assert len(whole) == 8


def test_a_part_is_read_by_source_and_name(office) -> None:
    account_id = office.account()["account_id"]
    remember(office, *make_events(office, account_id))
    billing = office.do("get_timeline", account_id=account_id, source="billing")["items"]
    assert len(billing) == 4
    paid = office.do("get_timeline", account_id=account_id, name="invoice_paid")["items"]
    assert [one["summary"] for one in paid] == ["Invoice paid."]


def test_the_service_hears_itself(office) -> None:
    account_id = office.active_account()["account_id"]
    office.hear_itself()
    items = office.do("get_timeline", account_id=account_id)["items"]
    assert [one["name"] for one in items] == [
        "account_opened",
        "account_onboarding",
        *["checklist_item_completed"] * 5,
        "account_activated",
    ]


def test_an_unknown_account_has_no_timeline(office) -> None:
    with pytest.raises(NotFound):
        office.do("get_timeline", account_id="acc_01jd3v4q6ye8z9t5k2m7n0p1xw")


def test_what_names_no_account_is_on_no_timeline_and_holds_up_no_other(office) -> None:
    account_id = office.account()["account_id"]
    event = office.envelope("accounts", "company_changed", account_id=account_id)
    company = "cmp_01jd3v4q6ye8z9t5k2m7n0p1xg"
    remember(office, replace(event, subject=company, data={"company_id": company}))
    assert office.do("get_timeline", account_id=account_id)["items"] == []


def wants(office) -> list[tuple[str, int, int]]:
    """What was asked for again."""
    announced = office.session.info.pop("announced", [])
    return [
        (data["service"], data["first"], data["last"])
        for event, data, _ in announced
        if event.name == "events_wanted"
    ]


def test_what_is_still_missing_after_a_while_is_asked_for_again_and_again(office) -> None:
    account_id = office.account()["account_id"]
    made = make_events(office, account_id)
    late = [event for event in made if event.source == "billing" and event.sequence in {2, 3}]
    remember(office, *(event for event in made if event not in late))
    office.announced()
    asked = []
    for minutes in (4, 2, 60, 24 * 60, 30 * 24 * 60):
        office.pass_until(office.moment + timedelta(minutes=minutes))
        asked.append(wants(office))
    assert asked == [[], [("billing", 2, 3)], [("billing", 2, 3)], [("billing", 2, 3)], []]


def test_what_has_come_meanwhile_is_not_asked_for(office) -> None:
    account_id = office.account()["account_id"]
    made = make_events(office, account_id)
    late = [event for event in made if event.source == "billing" and event.sequence in {2, 3}]
    remember(office, *(event for event in made if event not in late))
    office.announced()
    remember(office, late[0])
    office.pass_until(office.moment + timedelta(minutes=6))
    assert wants(office) == [("billing", 3, 3)]
    remember(office, late[1])
    office.pass_until(office.moment + timedelta(hours=2))
    assert wants(office) == []


def test_a_part_is_read_by_whose_deed_it_is(office) -> None:
    account_id = office.active_account()["account_id"]
    office.hear_itself()
    mine = office.do("get_timeline", account_id=account_id, person="key_office")["items"]
    assert {one["name"] for one in mine} == {"checklist_item_completed"}
    assert office.do("get_timeline", account_id=account_id, person="stf_nobody")["items"] == []
