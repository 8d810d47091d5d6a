"""What holds for one caller holds for many at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.accounts.accounts.models import Account, AccountState
from services.accounts.activities.models import Activity, ActivityWording
from services.accounts.cases.models import Case, CaseState
from services.accounts.clocks.models import CaseTarget
from services.accounts.clocks.rules import Clock as Waited
from services.accounts.parked.models import ParkedAccount
from services.accounts.reasons.models import ToldReason
from services.accounts.staff.models import Staff
from services.accounts.worklist.models import WorklistItem
from services.accounts.worklist.usecases import review_worklists
from tests.services.client import Client

pytestmark = pytest.mark.server

PROFILE = {
    "name": "Acme Trading Ltd",
    "country": "GB",
    "currency": "GBP",
    "language": "en",
    "time_zone": "Europe/London",
    "net_days": 30,
    "credit_limit": None,
    "email": "hello@acme.example",
}


def count(engine: Engine, *criteria: Any) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).where(*criteria)) or 0


def test_one_of_many_with_a_tax_id_is_opened(engine: Engine, at_once) -> None:
    [owner] = at_once(lambda office: office.staff()["staff_id"])
    tax_id = f"T{owner}"
    answers = at_once(
        *[lambda office: office.account(owner_id=owner, tax_id=tax_id, country="CU")["number"]] * 6
    )
    assert sorted(answers, key=len)[1:] == ["duplicate_tax_id"] * 5
    assert count(engine, Account.owner_id == owner) == 1


def test_of_many_who_ask_by_one_reference_one_opens_the_account(engine: Engine, at_once) -> None:
    for round_ in range(5):
        [owner] = at_once(lambda office: office.staff()["staff_id"])
        crm = {"system": "crm", "reference_id": f"{owner}-{round_}"}
        answers = at_once(
            *[
                lambda office, owner=owner, crm=crm: office.do(
                    "find_or_open_account", **PROFILE, owner_id=owner, **crm
                )["account_id"]
            ]
            * 6
        )
        assert len(set(answers)) == 1
        assert count(engine, Account.owner_id == owner) == 1


def test_no_account_is_opened_for_somebody_who_is_just_leaving(engine: Engine, at_once) -> None:
    for _ in range(5):
        [owner] = at_once(lambda office: office.staff()["staff_id"])
        at_once(
            lambda office, owner=owner: office.account(owner_id=owner)["number"],
            lambda office, owner=owner: office.do("leave_staff", staff_id=owner)["left_on"],
        )
        has_left = count(engine, Staff.staff_id == owner, Staff.left_on.is_not(None))
        assert has_left + count(engine, Account.owner_id == owner) == 1


def test_two_changes_do_not_close_a_reporting_circle_together(engine: Engine, at_once) -> None:
    for _ in range(5):
        [one], [other] = (at_once(lambda office: office.staff()["staff_id"]) for _ in range(2))
        at_once(
            lambda office, one=one, other=other: office.do(
                "edit_staff", staff_id=one, reports_to_id=other
            ),
            lambda office, one=one, other=other: office.do(
                "edit_staff", staff_id=other, reports_to_id=one
            ),
        )
        assert (
            count(engine, Staff.staff_id.in_([one, other]), Staff.reports_to_id.is_not(None)) == 1
        )


def test_reasons_that_come_and_go_together_leave_what_stands(engine: Engine, at_once) -> None:
    [account_id] = at_once(lambda office: office.account()["account_id"])
    facts = {"account_id": account_id, "reason": "overdue"}
    debt = {"amount": 100, "oldest_due_date": "2026-01-01", "since": "2026-01-02"}

    def due(currency: str) -> Callable[[Any], None]:
        return lambda office: office.hear(
            "collections", "contact_due", currency=currency, version=1, **facts, **debt
        )

    def settled(currency: str) -> Callable[[Any], None]:
        return lambda office: office.hear(
            "collections", "contact_settled", currency=currency, version=2, **facts
        )

    at_once(due("EUR"), settled("EUR"), due("USD"), settled("USD"), due("GBP"))
    is_open = (WorklistItem.account_id == account_id, WorklistItem.status == "open")
    assert count(engine, *is_open) == 1
    at_once(settled("GBP"))
    assert count(engine, *is_open) == 0


def test_the_review_lists_nobody_whose_reason_is_just_ending(
    engine: Engine, at_once, waits_or_ends
) -> None:
    [account_id] = at_once(lambda office: office.account()["account_id"])
    facts = {"account_id": account_id, "reason": "overdue", "currency": "EUR"}
    debt = {"amount": 100, "oldest_due_date": "2026-01-01", "since": "2026-01-02"}
    at_once(lambda office: office.hear("collections", "contact_due", version=1, **facts, **debt))
    with Session(engine) as session:
        is_open = (WorklistItem.account_id == account_id, WorklistItem.status == "open")
        [item_id] = session.scalars(select(WorklistItem.worklist_item_id).where(*is_open)).all()
    at_once(
        lambda office: office.do(
            "finish_worklist_item", worklist_item_id=item_id, outcome="not_reached"
        )
    )
    tomorrow = {"today": date(2026, 1, 6), "now": datetime(2026, 1, 6, 6, tzinfo=UTC)}

    def settle(office: Any) -> None:
        office.hear("collections", "contact_settled", version=2, **facts)
        waits_or_ends(reviewing := pool.submit(at_once, review))
        works.append(reviewing)

    def review(office: Any) -> None:
        review_worklists(office.session, **tomorrow)

    works: list[Future[Any]] = []
    with ThreadPoolExecutor(1) as pool:
        at_once(settle)
    assert [one.result() for one in works] == [[None]]
    assert count(engine, *is_open) == 0
    assert count(engine, ParkedAccount.account_id == account_id) == 0


@pytest.mark.parametrize("objection", [None, "50.00 EUR is still owed."])
def test_answers_that_come_at_once_end_a_closing_once(
    engine: Engine, at_once, objection: str | None
) -> None:
    for _ in range(5):
        [closing] = at_once(
            lambda office: office.do(
                "close_account", account_id=office.account()["account_id"], reason="Moved abroad."
            )
        )
        at_once(
            lambda office, closing=closing: office.answer(closing, "billing"),
            lambda office, closing=closing: office.answer(closing, "sales", objection),
        )
        status = "prospect" if objection else "closed"
        account_id = closing["account_id"]
        assert count(engine, Account.account_id == account_id, Account.status == status) == 1
        assert count(engine, AccountState.account_id == account_id) == 3


def test_a_closing_is_withdrawn_or_done_but_not_both(engine: Engine, at_once) -> None:
    for _ in range(5):
        [closing] = at_once(
            lambda office: office.do(
                "close_account", account_id=office.account()["account_id"], reason="Moved abroad."
            )
        )
        at_once(lambda office, closing=closing: office.answer(closing, "sales"))
        withdrawn, _ = at_once(
            lambda office, closing=closing: office.do(
                "withdraw_closing", account_id=closing["account_id"]
            )["status"],
            lambda office, closing=closing: office.answer(closing, "billing"),
        )
        status = {"prospect": "prospect", "wrong_status": "closed"}[withdrawn]
        account_id = closing["account_id"]
        assert count(engine, Account.account_id == account_id, Account.status == status) == 1


def test_an_account_given_away_while_the_book_is_handed_over_stays_where_it_was_given(
    engine: Engine, at_once, office_of, waits_or_ends
) -> None:
    [ada], [ben], [cleo] = (at_once(lambda office: office.staff()["staff_id"]) for _ in range(3))
    [given], [kept] = (
        at_once(lambda office: office.account(owner_id=ada)["account_id"]) for _ in range(2)
    )

    def hand_over() -> Any:
        [answer] = at_once(
            lambda office: office.do("hand_over_book", staff_id=ada, owner_id=ben, reason="Leaves.")
        )
        return answer

    with ThreadPoolExecutor(1) as thread, Session(engine) as session:
        with session.begin():
            office_of(session).do("change_owner", account_id=given, owner_id=cleo, reason="Asked.")
            handed_over = thread.submit(hand_over)
            waits_or_ends(handed_over)
        assert handed_over.result() == {"handed_over": 1, "has_more": False}
    assert count(engine, Account.account_id == given, Account.owner_id == cleo) == 1
    assert count(engine, Account.account_id == kept, Account.owner_id == ben) == 1


def opened_case(office: Any, account_id: str, **values: Any) -> str:
    sent = {"account_id": account_id, "kind": "complaint", "subject": "Broken lamps."}
    return str(office.do("open_case", **sent | values)["case_id"])


def test_of_many_cases_about_the_same_one_is_opened(engine: Engine, at_once) -> None:
    for _ in range(5):
        [account_id] = at_once(lambda office: office.account()["account_id"])
        answers = at_once(
            *[lambda office, account_id=account_id: opened_case(office, account_id)] * 4
        )
        assert sorted(answers)[1:] == ["similar_case"] * 3
        assert count(engine, Case.account_id == account_id) == 1


def test_of_two_who_take_the_same_step_one_takes_it(engine: Engine, at_once) -> None:
    for _ in range(5):
        [account_id] = at_once(lambda office: office.account()["account_id"])
        [case_id] = at_once(lambda office, account_id=account_id: opened_case(office, account_id))
        answers = at_once(
            *[
                lambda office, case_id=case_id: office.do(
                    "acknowledge_case", case_id=case_id, problem="Broken."
                )["status"]
            ]
            * 2
        )
        assert sorted(answers) == ["acknowledged", "wrong_status"]
        assert count(engine, CaseState.case_id == case_id) == 2


def test_of_two_cases_that_are_marked_as_each_others_duplicates_one_goes_on(
    engine: Engine, at_once
) -> None:
    for _ in range(5):
        [account_id] = at_once(lambda office: office.account()["account_id"])
        [one], [other] = (
            at_once(
                lambda office, account_id=account_id, kind=kind: opened_case(
                    office, account_id, kind=kind
                )
            )
            for kind in ("complaint", "request")
        )
        answers = at_once(
            *[
                lambda office, case_id=case_id, of=of: office.do(
                    "mark_case_duplicate", case_id=case_id, duplicate_of_id=of
                )["status"]
                for case_id, of in ((one, other), (other, one))
            ]
        )
        assert sorted(answers) == ["duplicate", "no_original"]


def test_a_clock_that_is_due_while_the_case_is_answered_escalates_or_is_over(
    engine: Engine, at_once
) -> None:
    for _ in range(5):
        [account_id] = at_once(lambda office: office.account()["account_id"])
        [case_id] = at_once(
            lambda office, account_id=account_id: opened_case(
                office, account_id, received_at="2026-01-02T09:00:00Z"
            )
        )
        due = {"account_id": account_id, "case_id": case_id, "clock": Waited.FIRST_RESPONSE}
        at_once(
            lambda office, due=due: office.perform_clock(office.session, **due),
            lambda office, case_id=case_id: office.do(
                "acknowledge_case", case_id=case_id, problem="Broken."
            )["status"],
        )
        is_settled = (ToldReason.about == case_id, ToldReason.is_standing.is_(True))
        assert count(engine, *is_settled) == 0


def test_targets_that_are_set_by_many_at_once_are_those_of_one(engine: Engine, at_once) -> None:
    one = {"kind": "request", "priority": "low", "tier": "key", "update": None, "solution": None}
    answers = at_once(
        *[
            lambda office, minutes=minutes: len(
                office.do("set_case_targets", items=[one | {"first_response": minutes}])["items"]
            )
            for minutes in (10, 20, 30)
        ]
    )
    assert answers == [48] * 3
    assert count(engine, CaseTarget.kind == "request") == 1
    at_once(lambda office: office.do("set_case_targets", items=[]))


def plan_visit(office: Any) -> str:
    visit = {"kind": "visit", "subject": "Review", "at": "2026-01-06T10:00:00Z"}
    account_id = office.account()["account_id"]
    return str(office.do("plan_activity", account_id=account_id, **visit)["activity_id"])


def test_of_two_who_end_one_activity_one_does(engine: Engine, at_once) -> None:
    said = {"outcome": "reached", "minutes": 5}
    for _ in range(5):
        [activity_id] = at_once(plan_visit)
        path = {"activity_id": activity_id}
        answers = at_once(
            *[lambda office, path=path: office.do("hold_activity", **path, **said)["status"]] * 3,
            lambda office, path=path: office.do("cancel_activity", **path, reason="No.")["status"],
        )
        assert sorted(answers) in (
            ["held", "wrong_status", "wrong_status", "wrong_status"],
            ["cancelled", "wrong_status", "wrong_status", "wrong_status"],
        )
        wordings = count(engine, ActivityWording.activity_id == activity_id)
        assert wordings == answers.count("held")


def test_of_many_who_call_back_one_did(engine: Engine, at_once) -> None:
    for _ in range(5):
        [call] = at_once(
            lambda office: office.do(
                "record_call",
                account_id=office.account()["account_id"],
                rung_at="2026-01-05T08:00:00Z",
            )
        )
        path = {"call_id": call["call_id"]}
        told = {"account_id": call["account_id"], "kind": "call", "direction": "out"}
        told |= {"outcome": "reached", "at": "2026-01-05T09:00:00Z", "closed_by": "ann"}
        told |= {"activity_id": "act_01jd3v4q6ye8z9t5k2m7n0p1xw", "series_id": None}
        answers = at_once(
            *[lambda office, path=path: office.do("call_back", **path)["status"]] * 3,
            lambda office, told=told: office.hear("accounts", "activity_held", **told),
        )
        assert answers.count("called_back") <= 1
        assert set(answers) <= {"called_back", "wrong_status", None}
        settled = (ToldReason.about == call["call_id"], ToldReason.version == 2)
        assert count(engine, *settled, ToldReason.is_standing.is_(False)) == 1


def test_a_series_whose_outcome_is_told_twice_at_once_goes_on_once(engine: Engine, at_once) -> None:
    for _ in range(5):
        [(series, activity)] = at_once(begin_series)
        path = {"activity_id": activity["activity_id"]}
        at_once(lambda office, path=path: office.do("cancel_activity", **path, reason="No."))
        told = path | {"series_id": series["series_id"], "account_id": series["account_id"]}
        told |= {"closed_by": "ann"}
        at_once(
            *[lambda office, told=told: office.hear("accounts", "activity_cancelled", **told)] * 4
        )
        of_series = Activity.series_id == series["series_id"]
        assert count(engine, of_series, Activity.status == "planned") == 1


def begin_series(office: Any) -> tuple[Any, Any]:
    weekly = {"unit": "weeks", "weekday": "monday", "time_of_day": "10:00"}
    visit = {"kind": "visit", "subject": "Review", "account_id": office.account()["account_id"]}
    series = office.do("begin_series", **visit, **weekly)
    [activity] = office.do("list_activities", account_id=visit["account_id"])["items"]
    return series, activity


def test_one_request_that_comes_many_times_at_once_is_done_once(engine: Engine, at_once) -> None:
    client = Client("accounts", engine)
    [account_id] = at_once(lambda office: office.account()["account_id"])
    call = {"account_id": account_id, "kind": "call", "outcome": "not_reached", "minutes": 1}
    command_id = new_id("cmd")
    answers = at_once(
        *[lambda _: client.call("log_activity", command_id=command_id, **call)["activity_id"]] * 5
    )
    assert len(set(answers)) == 1
    assert count(engine, Activity.account_id == account_id) == 2, "the call, and what follows it"
