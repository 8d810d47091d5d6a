"""Activities are planned and have their outcome; until then they are on the worklist, and never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kernel.callers import Caller
from kernel.refusals import Conflict, Invalid, NotFound, VersionMismatch
from tests.services.accounts.activities.client import DAY, START, Client, at

pytestmark = pytest.mark.server


@pytest.fixture
def client(office) -> Client:
    return Client(office)


def test_a_plan_is_announced_as_it_is(client: Client) -> None:
    planned = client.plan(contact_ids=client.contact_ids[:1] * 2)
    [(event, data, _)] = client.office.session.info["announced"]
    assert event.name == "activity_planned"
    assert data == {name: planned[name] for name in data}
    assert (planned["status"], planned["direction"], planned["version"]) == ("planned", "out", 1)
    assert (planned["at"], planned["planned_at"]) == (at(1), at(1))
    assert planned["contact_ids"] == client.contact_ids[:1]
    assert (planned["owner_id"], planned["planned_by"]) == (client.owner_id, "key_office")
    assert client.get(planned) == planned


def test_an_activity_is_the_named_ones_else_the_callers_else_the_accounts_owners(
    client: Client,
) -> None:
    office = client.office
    ada, bob = (office.staff()["staff_id"] for _ in range(2))
    assert client.plan()["owner_id"] == client.owner_id
    office.caller = Caller(ada, frozenset({"*"}), None, ada)
    assert client.plan()["owner_id"] == client.log()["owner_id"] == ada
    assert client.plan(owner_id=bob)["owner_id"] == bob
    office.do("leave_staff", staff_id=bob)
    with pytest.raises(Conflict, match="left"):
        client.plan(owner_id=bob)
    office.do("leave_staff", staff_id=ada)
    assert client.plan()["owner_id"] == client.owner_id


def test_a_plan_waits_on_the_worklist_from_its_end_until_it_is_held(client: Client) -> None:
    visit = client.plan()
    client.office.pass_until(START + DAY + timedelta(hours=1, minutes=59))
    assert client.reasons() == []
    client.office.pass_until(START + DAY + timedelta(hours=2))
    sentence = "Visit planned for 2026-01-06 10:00 has no outcome yet (Annual review)."
    assert client.reasons() == [sentence]
    client.office.pass_until(START + 30 * DAY)
    assert client.reasons() == [sentence]
    held = client.hold(visit, note="All is well.", promise="A new price list by Friday.")
    assert client.reasons() == []
    assert (held["status"], held["outcome"], held["minutes"]) == ("held", "reached", 45)
    assert (held["at"], held["promise"]) == (at(1), "A new price list by Friday.")
    assert (held["suggested"], held["created"], held["version"]) == (None, None, 2)


@pytest.mark.parametrize(
    ("verb", "facts", "status", "event"),
    [
        ("hold", {"outcome": "reached", "minutes": 5}, "held", "activity_held"),
        ("miss", {"reason": "Nobody there."}, "not_held", "activity_not_held"),
        ("cancel", {"reason": "They moved."}, "cancelled", "activity_cancelled"),
        ("reschedule", {"reason": "Later.", "at": at(60)}, "rescheduled", "activity_rescheduled"),
    ],
)
def test_every_way_out_of_planned_settles_it_once(
    client: Client, verb: str, facts: dict[str, Any], status: str, event: str
) -> None:
    visit = client.plan()
    client.office.pass_until(START + 3 * DAY)
    assert len(client.reasons()) == 1
    client.do(verb, visit, **facts)
    assert [one[0].name for one in client.office.session.info["announced"]].count(event) == 1
    assert client.reasons() == []
    assert (client.get(visit)["status"], client.get(visit)["closed_by"]) == (status, "key_office")
    for again, more in (
        ("hold", {"outcome": "reached", "minutes": 5}),
        ("miss", {"reason": "x"}),
        ("cancel", {"reason": "x"}),
        ("reschedule", {"reason": "x", "at": at(9)}),
    ):
        with pytest.raises(Conflict) as refused:
            client.do(again, visit, **more)
        assert refused.value.code == "wrong_status"


def test_what_is_held_before_its_time_is_not_waited_for(client: Client) -> None:
    visit = client.plan()
    held = client.hold(visit)
    assert held["at"] == START.isoformat()
    client.office.pass_until(START + 5 * DAY)
    assert client.reasons() == []


def test_a_rescheduled_activity_and_the_new_one_name_each_other(client: Client) -> None:
    old = client.plan(contact_ids=client.contact_ids)
    new = client.do("reschedule", old, at=at(8), reason="They asked for a week later.")
    kept = ("kind", "subject", "minutes", "contact_ids", "owner_id", "account_id")
    assert [new[name] for name in kept] == [old[name] for name in kept]
    assert (new["status"], new["at"]) == ("planned", at(8))
    old = client.get(old)
    assert (old["rescheduled_to_id"], new["rescheduled_from_id"]) == (
        new["activity_id"],
        old["activity_id"],
    )
    assert (old["reason"], old["at"], old["version"]) == ("They asked for a week later.", at(1), 2)
    client.office.pass_until(START + 2 * DAY)
    assert client.reasons() == []
    client.office.pass_until(START + 9 * DAY)
    assert client.reasons() == [
        "Visit planned for 2026-01-13 10:00 has no outcome yet (Annual review)."
    ]


def test_an_activity_is_logged_in_one_request_without_a_plan(client: Client) -> None:
    next_step = {"kind": "visit", "at": at(7), "subject": "Show the machine"}
    logged = client.log(
        direction="in",
        subject="Machine",
        outcome="agreed",
        note="They want to see it.",
        promise="We bring it along.",
        contact_ids=client.contact_ids,
        held_at=at(-1),
        next_step=next_step,
    )
    assert (logged["status"], logged["at"], logged["planned_at"]) == ("held", at(-1), None)
    assert (logged["minutes"], logged["version"], logged["suggested"]) == (12, 1, None)
    created = logged["created"]
    assert {name: created[name] for name in next_step} == next_step
    assert created["follows_id"] == logged["activity_id"]
    assert created["contact_ids"] == client.contact_ids
    assert client.office.announced() == ["activity_held", "activity_planned"]
    assert client.log()["subject"] == "Call"


REFUSED = {
    "of the future": ({"held_at": at(1)}, "held_in_future", "held_at"),
    "without its note": ({"outcome": "other"}, "note_missing", "note"),
    "of a call": ({"kind": "visit", "outcome": "left_message"}, "outcome_of_calls", "outcome"),
    "not held": ({"outcome": "not_held"}, "outcome_of_none", "outcome"),
    "a step in the past": (
        {"next_step": {"kind": "call", "at": at(-1)}},
        "planned_in_past",
        "next_step/at",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_true_is_refused_with_its_field(client: Client, what: str) -> None:
    facts, code, field = REFUSED[what]
    with pytest.raises(Invalid) as refused:
        client.log(**facts)
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, field)


def test_people_of_another_account_are_refused(client: Client) -> None:
    stranger = Client(client.office).contact_ids[:1]
    visit = client.plan()
    held = client.hold(client.plan())
    for attempt in (
        lambda: client.plan(contact_ids=stranger),
        lambda: client.log(contact_ids=stranger),
        lambda: client.hold(visit, contact_ids=stranger),
        lambda: client.do("correct", held, contact_ids=stranger),
    ):
        with pytest.raises(Invalid) as refused:
            attempt()
        assert refused.value.code == "contact_of_another"


def test_nothing_is_planned_in_the_past_or_with_nobody(client: Client) -> None:
    with pytest.raises(Invalid, match="log what was held"):
        client.plan(at=at(-1))
    client.account_id = "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"
    with pytest.raises(NotFound):
        client.plan()


def test_what_is_still_to_come_was_not_missed(client: Client) -> None:
    visit = client.plan()
    with pytest.raises(Conflict) as refused:
        client.do("miss", visit, reason="Nobody there.")
    assert refused.value.code == "not_begun"


def test_a_correction_keeps_what_was_said_before(client: Client) -> None:
    held = client.log(note="They agree.", outcome="agreed")
    client.office.moment += timedelta(hours=23)
    corrected = client.do("correct", held, minutes=25, note="They agree to half of it.")
    assert (corrected["minutes"], corrected["outcome"], corrected["version"]) == (25, "agreed", 2)
    same = client.do("correct", held, minutes=25)
    assert same == corrected
    wordings = client.office.do("list_wordings", activity_id=held["activity_id"])["items"]
    assert [(one["minutes"], one["note"]) for one in wordings] == [
        (12, "They agree."),
        (25, "They agree to half of it."),
    ]
    assert client.office.announced()[-1] == "activity_corrected"
    with pytest.raises(Invalid, match="Say in the note"):
        client.do("correct", held, outcome="other", note=None)
    client.office.moment += timedelta(hours=2)
    with pytest.raises(Conflict) as refused:
        client.do("correct", held, minutes=30)
    assert refused.value.code == "correction_too_late"


def test_what_is_planned_has_nothing_to_correct(client: Client) -> None:
    with pytest.raises(Conflict, match="for one that is held"):
        client.do("correct", client.plan(), minutes=30)


def test_a_change_on_top_of_a_stale_version_is_refused(client: Client) -> None:
    visit = client.plan()
    client.office.session.info["if_match"] = {visit["activity_id"]: 2}
    with pytest.raises(VersionMismatch):
        client.hold(visit)


def test_what_follows_by_rule_is_planned_or_suggested(client: Client) -> None:
    created = client.log(outcome="not_reached")["created"]
    assert (created["kind"], created["at"]) == ("call", at(1, 9))
    assert (created["subject"], created["owner_id"]) == ("Follow-up: Call", client.owner_id)
    logged = client.log(outcome="no_decision")
    assert logged["created"] is None
    assert logged["suggested"] == {"kind": "call", "at": at(7, 9), "subject": "Follow-up: Call"}
    visit = client.plan()
    client.office.pass_until(START + 2 * DAY)
    missed = client.do("miss", visit, reason="Nobody there.")
    assert missed["created"]["at"] == at(2, 9)  # the working day after the one it was planned for
    assert (missed["outcome"], missed["version"]) == ("not_held", 2)


def test_what_follows_is_whose_the_activity_was(client: Client) -> None:
    bob = client.office.staff()["staff_id"]
    assert client.log(outcome="not_reached", owner_id=bob)["created"]["owner_id"] == bob
    visit = client.plan(owner_id=bob)
    assert client.do("reschedule", visit, at=at(9), reason="Later.")["owner_id"] == bob
    visit = client.plan(owner_id=bob)
    client.office.do("leave_staff", staff_id=bob)
    assert client.do("reschedule", visit, at=at(9), reason="Later.")["owner_id"] == client.owner_id


def test_a_reminder_that_is_performed_late_reminds_of_nothing_that_is_done(client: Client) -> None:
    held = client.hold(client.plan())
    client.office.tell_overdue_activity(client.office.session, activity_id=held["activity_id"])
    assert client.reasons() == []


def test_a_step_that_is_sent_wins_over_the_rule(client: Client) -> None:
    logged = client.log(outcome="not_reached", next_step={"kind": "letter", "at": at(3)})
    assert (logged["created"]["kind"], logged["created"]["at"]) == ("letter", at(3))
    assert logged["created"]["subject"] == "Follow-up: Call"


def test_the_rules_are_data(client: Client) -> None:
    office = client.office
    default = office.do("list_follow_up_rules")["rules"]
    assert {"kind": "call", "outcome": "not_reached", "way": "created"}.items() <= next(
        one.items() for one in default if (one["kind"], one["outcome"]) == ("call", "not_reached")
    )
    mine = {"kind": "letter", "outcome": "reached", "way": "created", "next_kind": "call"}
    mine |= {"delay_days": 3, "counted_from": "today"}
    assert office.do("set_follow_up_rules", rules=[mine]) == {"rules": [mine]}
    assert office.do("list_follow_up_rules") == {"rules": [mine]}
    assert client.log(outcome="not_reached")["created"] is None
    assert client.log(kind="letter")["created"]["at"] == at(3, 9)
    with pytest.raises(Invalid, match="letter reached"):
        office.do("set_follow_up_rules", rules=[mine, mine])


def test_lists_are_in_the_order_of_time(client: Client) -> None:
    later, sooner = client.plan(at=at(5)), client.plan(at=at(2), kind="call")
    held = client.log()

    def found(**filters: Any) -> list[str]:
        page = client.office.do("list_activities", **filters)
        return [one["activity_id"] for one in page["items"]]

    ids = [held["activity_id"], sooner["activity_id"], later["activity_id"]]
    assert found(account_id=client.account_id) == found(owner_id=client.owner_id) == ids
    assert found(account_id=client.account_id, status="planned") == ids[1:]
    assert found(account_id=client.account_id, kind="call") == ids[:2]
    assert found(account_id=client.account_id, since=at(2), until=at(5)) == ids[1:2]
    first = client.office.do("list_activities", account_id=client.account_id, limit=2)
    assert first["has_more"]
    rest = found(account_id=client.account_id, after=first["next_after"])
    assert rest == ids[2:]
