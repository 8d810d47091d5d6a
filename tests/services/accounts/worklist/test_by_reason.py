"""Each reason has its own way, outcome and rest; what ended by itself is shown; places are explained."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.doors.rows import show_only_visible
from chassis.doors.sight import keep_own_sight
from kernel.callers import Caller
from kernel.refusals import Invalid
from tests.services.accounts.worklist.telling import CALL, DEBT, due, settled, worklist

pytestmark = pytest.mark.server


@pytest.fixture
def account(office) -> dict[str, Any]:
    account: dict[str, Any] = office.active_account()
    office.hear_itself()
    return account


def item_of(office, account) -> str:
    [line] = worklist(office, account)["items"]
    return str(line["worklist_item_id"])


def kinds(office, account, **values: Any) -> list[str]:
    items = worklist(office, account, **values)["items"]
    return sorted(one["kind"] for line in items for one in line["reasons"])


def of(key, **values: Any) -> dict[str, Any]:
    return {"kind": key[0], "about": key[1], **values}


def test_each_reason_has_its_own_person_way_and_hours(office, account) -> None:
    for name, role in (("Pat", "payer"), ("Sam", "shipping")):
        office.do(
            "add_contact",
            account_id=account["account_id"],
            name=name,
            phone=f"+44 20 7946 0{len(name)}00",
            roles=[role],
        )
    due(office, account, amount=11_900, currency="EUR")
    due(office, account, ("shipment_late", "shp_1"), roles=["shipping"], channel="phone")
    [line] = worklist(office, account)["items"]
    assert {one["kind"]: one["contact"]["name"] for one in line["reasons"]} == {
        "overdue": "Pat",
        "shipment_late": "Sam",
    }
    assert [one["channel"] for one in line["reasons"]] == ["email", "phone"]
    assert line["contact"] == line["reasons"][0]["contact"]
    assert line["at_stake"] == [{"amount": 11_900, "currency": "EUR"}]
    assert (line["owner_id"], line["time_zone"]) == (account["owner_id"], "Europe/London")


def test_what_is_answered_rests_and_the_rest_stays_on_the_list(office, account) -> None:
    due(office, account)
    due(office, account, CALL)
    item_id = item_of(office, account)
    item = office.do(
        "finish_worklist_item",
        worklist_item_id=item_id,
        reasons=[of(CALL, outcome="reached", note="A question about the bill.")],
    )
    assert (item["status"], item["closed_by"]) == ("open", None)
    assert kinds(office, account) == ["overdue"]
    item = office.do("finish_worklist_item", worklist_item_id=item_id, outcome="will_pay")
    assert (item["status"], item["outcome"]) == ("done", "will_pay")
    assert [(one["kind"], one["outcome"]) for one in item["outcomes"]] == [
        ("callback", "reached"),
        ("overdue", "will_pay"),
    ]
    assert item["outcomes"][0]["sentence"] == "It is about cal_1."
    assert kinds(office, account) == []


def test_each_reason_rests_as_long_as_its_own_outcome_says(office, account) -> None:
    due(office, account)
    due(office, account, CALL)
    office.do(
        "finish_worklist_item",
        worklist_item_id=item_of(office, account),
        outcome="will_pay",
        reasons=[of(CALL, outcome="not_reached")],
    )
    office.pass_days(1)
    assert kinds(office, account) == ["callback"]
    office.pass_days(6)
    assert kinds(office, account) == ["callback", "overdue"]


def test_the_next_step_is_planned_in_the_same_request(office, account) -> None:
    due(office, account)
    step = {"kind": "call", "at": "2026-01-12T10:00:00Z", "subject": "Did they pay?"}
    item = office.do(
        "finish_worklist_item",
        worklist_item_id=item_of(office, account),
        outcome="will_pay",
        next_step=step,
    )
    planned = office.do("get_activity", activity_id=item["outcomes"][0]["next_activity_id"])
    assert {name: planned[name] for name in ("kind", "subject", "status", "owner_id")} == {
        "kind": "call",
        "subject": "Did they pay?",
        "status": "planned",
        "owner_id": account["owner_id"],
    }


def test_without_words_the_next_step_is_about_what_the_reason_was(office, account) -> None:
    due(office, account)
    item = office.do(
        "finish_worklist_item",
        worklist_item_id=item_of(office, account),
        outcome="will_pay",
        next_step={"kind": "call", "at": "2026-01-12T10:00:00Z"},
    )
    planned = office.do("get_activity", activity_id=item["outcomes"][0]["next_activity_id"])
    assert planned["subject"] == "Follow-up: It is about EUR."


@pytest.mark.parametrize("at", ["2026-01-05T08:00:00Z", "2199-01-01T10:00:00Z"])
def test_a_next_step_that_cannot_be_is_refused_by_its_place_in_the_request(
    office, account, at: str
) -> None:
    due(office, account)
    item = {"worklist_item_id": item_of(office, account), "outcome": "will_pay"}
    with pytest.raises(Invalid) as refused:
        office.do("finish_worklist_item", **item, next_step={"kind": "call", "at": at})
    assert refused.value.errors[0]["field"] == "next_step/at"


def test_clients_are_not_called_on_their_holidays(office) -> None:
    office.moment = office.moment.replace(month=5, day=1)  # a Friday
    german = office.account(country="DE", time_zone="Europe/Berlin", name="Berliner")
    due(office, german)
    [line] = worklist(office, german)["items"]
    assert line["contact_from"] == "2026-05-04T09:00:00+02:00"


def test_an_answer_is_told_with_the_reasons_it_is_about(office, account) -> None:
    due(office, account)
    office.hear_itself()
    office.do("finish_worklist_item", worklist_item_id=item_of(office, account), outcome="reached")
    [(event, data, _)] = office.session.info.pop("announced")
    assert (event.name, data["is_closed"]) == ("worklist_item_done", True)
    assert [(one["kind"], one["sentence"]) for one in data["reasons"]] == [
        ("overdue", "It is about EUR.")
    ]


def test_a_reason_that_is_snoozed_is_hidden_alone_and_the_item_stays_open(office, account) -> None:
    due(office, account)
    due(office, account, CALL)
    item_id = item_of(office, account)
    office.do(
        "snooze_worklist_item", worklist_item_id=item_id, until="2026-01-08", reasons=[of(DEBT)]
    )
    assert kinds(office, account) == ["callback"]
    office.do(
        "finish_worklist_item", worklist_item_id=item_id, reasons=[of(CALL, outcome="reached")]
    )
    assert kinds(office, account) == []
    office.pass_days(1)
    assert office.do("get_worklist_item", worklist_item_id=item_id)["status"] == "open"
    assert kinds(office, account, as_of="2026-01-08") == ["overdue"]


def test_a_reason_that_is_new_again_is_no_longer_snoozed(office, account) -> None:
    due(office, account)
    office.do(
        "snooze_worklist_item",
        worklist_item_id=item_of(office, account),
        until="2026-02-08",
        reasons=[of(DEBT)],
    )
    due(office, account, version=2, amount=500, currency="EUR")
    assert kinds(office, account) == []
    due(office, account, version=3, since="2026-01-06")
    assert kinds(office, account) == ["overdue"]


def test_only_reasons_of_the_item_are_snoozed(office, account) -> None:
    due(office, account)
    with pytest.raises(Invalid) as refusal:
        office.do(
            "snooze_worklist_item",
            worklist_item_id=item_of(office, account),
            until="2026-01-08",
            reasons=[of(CALL)],
        )
    [error] = refusal.value.errors
    assert (refusal.value.code, error["field"]) == ("reason_not_on_item", "reasons")


def test_what_ended_by_itself_is_shown_that_day_and_not_the_next(office, account) -> None:
    due(office, account, amount=11_900, currency="EUR")
    due(office, account, CALL)
    settled(office, account)
    answer = worklist(office, account)
    assert kinds(office, account) == ["callback"]
    [ended] = answer["settled"]
    assert (ended["account_name"], ended["kind"], ended["sentence"], ended["amount"]) == (
        account["name"],
        "overdue",
        "It is about EUR.",
        {"amount": 11_900, "currency": "EUR"},
    )
    office.pass_days(1)
    assert worklist(office, account)["settled"] == []


def test_what_ended_by_itself_is_shown_to_who_sees_the_account_alone(office, account) -> None:
    due(office, account, amount=11_900, currency="EUR")
    settled(office, account)
    assert len(worklist(office, account)["settled"]) == 1
    stranger = office.staff()["staff_id"]
    office.account(owner_id=stranger)
    keep_own_sight(office.session)
    show_only_visible(office.session, Caller(stranger, frozenset({"*"}), None, stranger))
    assert worklist(office, account)["settled"] == []


def test_what_was_told_to_be_over_before_it_came_is_not_shown(office, account) -> None:
    settled(office, account)
    assert worklist(office, account)["settled"] == []


def test_where_no_channel_is_left_the_item_and_its_place_say_so(office, account) -> None:
    due(office, account)
    [line] = worklist(office, account)["items"]
    assert (line["channel"], line["has_channel"], line["channel_note"]) == ("email", True, None)
    for channel in ("email", "phone", "post"):
        said = {"channel": channel, "is_given": False, "how": "Said so on the phone."}
        office.do("record_consent", account_id=account["account_id"], **said)
    [line] = worklist(office, account)["items"]
    assert (line["has_channel"], line["number"]) == (False, None)
    assert line["channel_note"].startswith("No channel is left (email: refused since 2026-01-05;")
    assert line["reasons"][0]["channel_note"] == line["channel_note"]
    place = office.do("explain_worklist_place", account_id=account["account_id"])
    assert place["because"] == f"It is number 1 of 1 on its owner's list. {line['channel_note']}"


@pytest.mark.parametrize(
    ("prepare", "because"),
    [
        (lambda office, account: None, "Nobody has a reason to contact it."),
        (
            lambda office, account: due(office, account),
            "It is number 1 of 1 on its owner's list.",
        ),
        (
            lambda office, account: (
                due(office, account),
                office.do(
                    "finish_worklist_item",
                    worklist_item_id=item_of(office, account),
                    outcome="will_pay",
                ),
            ),
            "None of its reasons is due: overdue rests after a contact until 2026-01-12.",
        ),
        (
            lambda office, account: due(office, account, earliest="2026-01-07T09:00:00Z"),
            "None of its reasons is due: overdue is not before 2026-01-07.",
        ),
        (
            lambda office, account: (
                due(office, account),
                office.do(
                    "snooze_worklist_item",
                    worklist_item_id=item_of(office, account),
                    until="2026-01-08",
                ),
            ),
            "It is snoozed until 2026-01-08; a new reason brings it back sooner.",
        ),
        (
            lambda office, account: (
                due(office, account),
                office.do(
                    "snooze_worklist_item",
                    worklist_item_id=item_of(office, account),
                    until="2026-01-08",
                    reasons=[of(DEBT)],
                ),
            ),
            "None of its reasons is due: overdue is snoozed until 2026-01-08.",
        ),
    ],
)
def test_why_an_account_is_on_the_list_or_not_is_said(office, account, prepare, because) -> None:
    prepare(office, account)
    office.session.expire_all()
    answer = office.do("explain_worklist_place", account_id=account["account_id"])
    assert answer["because"] == because
    assert (answer["line"] is None) == (answer["place"] is None)


def test_a_lead_sees_what_everyone_below_has(office) -> None:
    lead = office.staff(name="Lea Lead", role="lead")["staff_id"]
    ada, ben = (office.staff(name=name, reports_to_id=lead)["staff_id"] for name in ("Ada", "Ben"))
    accounts = [office.account(owner_id=owner, name=f"Of {owner}") for owner in (ada, ada, ben)]
    for account, amount in zip(accounts, (100, 250, 9_900), strict=True):
        due(office, account, amount=amount, currency="EUR")
    office.do(
        "finish_worklist_item", worklist_item_id=item_of(office, accounts[2]), outcome="will_pay"
    )
    settled(office, accounts[0])
    team = office.do("get_team_worklist", staff_id=lead)
    assert [
        (one["name"], one["open"], one["done"], one["settled"], one["at_stake"])
        for one in team["people"]
    ] == [
        ("Ada", 1, 0, 1, [{"amount": 250, "currency": "EUR"}]),
        ("Ben", 0, 1, 0, []),
        ("Lea Lead", 0, 0, 0, []),
    ]
    assert [line["owner_id"] for line in team["items"]] == [ada]


def test_a_weight_that_is_set_is_on_every_list(office, account) -> None:
    due(office, account)
    before = {one["kind"]: one for one in office.do("list_worklist_weights")["items"]}
    assert before["overdue"] == {"kind": "overdue", "points": 40, "is_default": True}
    assert office.do("set_worklist_weight", kind="overdue", points=77) == {
        "kind": "overdue",
        "points": 77,
        "is_default": False,
    }
    [line] = worklist(office, account)["items"]
    assert line["parts"][0] == {"what": "overdue", "points": 77}
    after = {one["kind"]: one["points"] for one in office.do("list_worklist_weights")["items"]}
    assert after["overdue"] == 77
