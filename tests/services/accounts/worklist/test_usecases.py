"""The worklist shows whom to contact, once each, until it is done or no longer needed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from kernel.refusals import Conflict, NotFound
from services.accounts.accounts.models import Account
from services.accounts.worklist.models import WorklistItem

pytestmark = pytest.mark.server

PLACEMENT = "plc_01jd3v4q6ye8z9t5k2m7n0p1xw"
SENTENCE = "119.00 EUR is overdue; the oldest of it was due on 2025-12-31."


@pytest.fixture
def account(office) -> dict[str, Any]:
    account: dict[str, Any] = office.active_account()
    office.announced()
    return account


def due(office, account, version: int = 1, **values: Any) -> None:
    facts = {"reason": "overdue", "about": "EUR", "currency": "EUR", "amount": 11_900}
    facts |= {"account_id": account["account_id"], "since": "2026-01-05", "sentence": SENTENCE}
    office.hear("collections", "contact_due", version=version, **facts | values)


def settled(office, account, version: int = 2, about: str = "EUR", reason: str = "overdue") -> None:
    facts = {"account_id": account["account_id"], "reason": reason, "about": about}
    office.hear("collections", "contact_settled", version=version, currency=None, **facts)


def returned(office, account, version: int = 1) -> None:
    due(office, account, version, reason="hand_over_returned", about=PLACEMENT)


def worklist(office, account, **values: str) -> list[dict[str, Any]]:
    answer = office.do("get_worklist", staff_id=account["owner_id"], **values)
    assert answer["total"] == len(answer["items"])
    items: list[dict[str, Any]] = answer["items"]
    return items


def kinds(office, account, **values: str) -> list[list[str]]:
    return [
        sorted(one["kind"] for one in line["reasons"])
        for line in worklist(office, account, **values)
    ]


def test_an_overdue_account_is_on_its_owners_list_with_all_one_needs(office, account) -> None:
    office.do(
        "add_contact",
        account_id=account["account_id"],
        name="Jutta Müller",
        phone="+49301234567",
        email="jutta@acme.example",
        roles=["payer"],
    )
    due(office, account)
    [line] = worklist(office, account)
    assert line["account_number"] == account["number"]
    [reason] = line["reasons"]
    assert (reason["kind"], reason["about"], reason["since_on"], reason["amount"]) == (
        "overdue",
        "EUR",
        "2026-01-05",
        {"amount": 11_900, "currency": "EUR"},
    )
    assert reason["sentence"] == SENTENCE
    assert line["contact"]["name"] == "Jutta Müller"
    assert (line["channel"], line["number"]) == ("email", "jutta@acme.example")
    assert line["contact_from"] == "2026-01-05T09:00:00+00:00"
    assert line["score"] == sum(part["points"] for part in line["parts"]) == 80


def test_whose_office_has_closed_is_reached_on_the_next_day(office, account) -> None:
    due(office, account)
    office.moment += timedelta(hours=12)
    [line] = worklist(office, account)
    assert line["contact_from"] == "2026-01-06T09:00:00+00:00"


def test_an_account_in_a_time_zone_that_is_no_more_hides_no_other(office, account) -> None:
    other = office.account(owner_id=account["owner_id"])
    for one in (account, other):
        due(office, one)
    office.session.execute(
        update(Account)
        .where(Account.account_id == account["account_id"])
        .values(time_zone="US/Pacific-New")
    )

    lines = {line["account_id"]: line for line in worklist(office, account)}
    assert lines.keys() == {account["account_id"], other["account_id"]}
    assert lines[account["account_id"]]["contact_from"] == "2026-01-05T09:00:00+00:00"


def test_an_item_settles_by_itself_when_the_reason_goes(office, account) -> None:
    due(office, account)
    [line] = worklist(office, account)
    settled(office, account)
    assert worklist(office, account) == []
    item = office.do("get_worklist_item", worklist_item_id=line["worklist_item_id"])
    assert (item["status"], item["closed_by"]) == ("settled", None)


def test_several_reasons_make_one_line(office, account) -> None:
    due(office, account)
    due(office, account, currency="USD", about="USD", amount=5_000)
    returned(office, account)
    assert kinds(office, account) == [["hand_over_returned", "overdue", "overdue"]]
    settled(office, account)
    settled(office, account, about=PLACEMENT, reason="hand_over_returned")
    assert kinds(office, account) == [["overdue"]]


@given(order=st.permutations(range(1, 6)), repeats=st.lists(st.integers(1, 5), max_size=3))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_newest_word_counts_in_whatever_order_it_comes(
    office, order: list[int], repeats: list[int]
) -> None:
    account = office.account()
    for version in [*order, *repeats]:
        if version in {2, 4}:
            settled(office, account, version)
        else:
            due(office, account, version, amount=version * 100)
    [line] = worklist(office, account)
    assert line["reasons"][0]["amount"] == {"amount": 500, "currency": "EUR"}
    open_items = office.session.scalar(
        select(func.count(WorklistItem.worklist_item_id)).where(
            WorklistItem.account_id == account["account_id"], WorklistItem.status == "open"
        )
    )
    assert open_items == 1


def test_onboarding_is_stuck_after_a_week_with_something_missing(office) -> None:
    account = office.onboarding_account()
    office.pass_days(7)
    assert kinds(office, account) == []
    office.pass_days(1)
    assert kinds(office, account) == [["onboarding_stuck"]]
    office.settle_checklist(account["account_id"])
    office.pass_days(1)
    assert kinds(office, account) == []


def test_onboarding_with_a_complete_checklist_is_not_stuck(office) -> None:
    account = office.onboarding_account()
    office.settle_checklist(account["account_id"])
    office.pass_days(10)
    assert kinds(office, account) == []


@pytest.mark.parametrize(
    "leave",
    [
        lambda office, account_id: office.do("activate_account", account_id=account_id),
        lambda office, account_id: office.close(account_id),
    ],
)
def test_an_account_that_left_onboarding_is_not_stuck(office, leave) -> None:
    account = office.onboarding_account()
    office.pass_days(8)
    office.settle_checklist(account["account_id"])
    leave(office, account["account_id"])
    office.hear_itself()
    assert kinds(office, account) == []


def test_the_most_urgent_comes_first_and_the_list_is_cut_after_it(office) -> None:
    owner = office.staff()["staff_id"]
    accounts = [office.account(owner_id=owner, name=f"Client {n}") for n in range(3)]
    for account, amount in zip(accounts, (100_00, 9_999_00, 10), strict=True):
        due(office, account, amount=amount)
    names = [line["account_name"] for line in worklist(office, accounts[0])]
    assert names == ["Client 1", "Client 0", "Client 2"]
    top = office.do("get_worklist", staff_id=owner, limit=1)
    assert [line["account_name"] for line in top["items"]] == ["Client 1"]
    assert top["total"] == 3


def test_an_item_follows_the_accounts_owner(office, account) -> None:
    due(office, account)
    ben = office.staff(name="Ben")["staff_id"]
    office.do("change_owner", account_id=account["account_id"], owner_id=ben, reason="Ada is away.")
    assert worklist(office, account) == []
    assert len(worklist(office, account | {"owner_id": ben})) == 1


def test_a_snoozed_item_is_hidden_until_its_day(office, account) -> None:
    due(office, account)
    [line] = worklist(office, account)
    office.do("snooze_worklist_item", worklist_item_id=line["worklist_item_id"], until="2026-01-08")
    assert worklist(office, account) == []
    assert worklist(office, account, as_of="2026-01-07") == []
    assert len(worklist(office, account, as_of="2026-01-08")) == 1
    office.pass_days(3)
    assert len(worklist(office, account)) == 1


def test_a_new_reason_wakes_a_snoozed_item_and_more_of_the_old_does_not(office, account) -> None:
    due(office, account)
    [line] = worklist(office, account)
    office.do("snooze_worklist_item", worklist_item_id=line["worklist_item_id"], until="2026-02-05")
    due(office, account, version=2, amount=99_900)
    assert worklist(office, account) == []
    returned(office, account)
    assert kinds(office, account) == [["hand_over_returned", "overdue"]]


def test_what_is_done_keeps_its_outcome_and_comes_back_if_it_must(office, account) -> None:
    due(office, account)
    [line] = worklist(office, account)
    done = office.do(
        "finish_worklist_item",
        worklist_item_id=line["worklist_item_id"],
        outcome="left_message",
        note="Voice mail.",
    )
    assert (done["status"], done["outcome"], done["closed_by"]) == (
        "done",
        "left_message",
        "key_office",
    )
    assert office.announced() == ["worklist_item_done"]
    office.pass_days(1)
    due(office, account, version=2, amount=99_900)  # more of what was spoken about
    assert worklist(office, account) == []
    office.pass_days(1)
    [again] = worklist(office, account)
    assert again["worklist_item_id"] != line["worklist_item_id"]


def test_what_is_paid_after_the_contact_does_not_come_back(office, account) -> None:
    due(office, account)
    [line] = worklist(office, account)
    office.do("finish_worklist_item", worklist_item_id=line["worklist_item_id"], outcome="will_pay")
    settled(office, account)
    office.pass_days(10)
    assert worklist(office, account) == []


def test_a_new_debt_after_the_contact_is_listed_at_once(office, account) -> None:
    due(office, account)
    [line] = worklist(office, account)
    office.do("finish_worklist_item", worklist_item_id=line["worklist_item_id"], outcome="will_pay")
    settled(office, account)
    due(office, account, version=3, since="2026-01-06")
    assert kinds(office, account) == [["overdue"]]


def test_an_item_is_finished_once(office, account) -> None:
    due(office, account)
    [line] = worklist(office, account)
    finish = {"worklist_item_id": line["worklist_item_id"], "outcome": "reached"}
    office.do("finish_worklist_item", **finish)
    for endpoint, values in (
        ("finish_worklist_item", finish),
        (
            "snooze_worklist_item",
            {"worklist_item_id": line["worklist_item_id"], "until": "2026-01-08"},
        ),
    ):
        with pytest.raises(Conflict) as refusal:
            office.do(endpoint, **values)
        assert refusal.value.code == "worklist_item_closed"


def test_the_daily_review_changes_nothing_the_second_time(office, account) -> None:
    due(office, account)
    stuck = office.onboarding_account(owner_id=account["owner_id"], name="Stuck")
    office.pass_days(8)
    before = worklist(office, stuck)
    office.review_worklists(office.session, day=office.clock.today())
    assert worklist(office, stuck) == before
    assert len(before) == 2


def test_a_reason_for_an_account_nobody_opened_is_refused(office) -> None:
    with pytest.raises(NotFound):
        due(office, {"account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"})


def test_an_unknown_person_has_no_worklist(office) -> None:
    with pytest.raises(NotFound):
        office.do("get_worklist", staff_id="stf_01jd3v4q6ye8z9t5k2m7n0p1xw")
