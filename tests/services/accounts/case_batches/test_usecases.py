"""A firm brings its cases along: many at once, each once, with what was done with it, each or refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from kernel.ids import new_id

pytestmark = pytest.mark.server

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
FRIDAY = datetime(2026, 6, 12, 15, 30, tzinfo=UTC)
CAUSE = "cau_00000000000000000000000002"
NOBODY, NO_CONTACT = "stf_01jd3v4q6ye8z9t5k2m7n0p1xz", "con_01jd3v4q6ye8z9t5k2m7n0p1xz"
NO_ACCOUNT, NO_CAUSE = "acc_01jd3v4q6ye8z9t5k2m7n0p1xz", "cau_01jd3v4q6ye8z9t5k2m7n0p1xz"
INVOICE = {"kind": "invoice", "id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xk", "number": "RE-2026-000017"}
SOLVED = ("acknowledge", "diagnose", "propose", "accept", "execute", "confirm", "close")


def at(hours: float) -> str:
    return (MONDAY + timedelta(hours=hours)).isoformat()


def step(action: str, hours: float, **facts: Any) -> dict[str, Any]:
    silent = ("diagnose", "accept", "execute", "confirm", "close", "resume")
    said = {} if action in silent else {"note": f"Said at {hours}."}
    said |= {"case_cause_id": CAUSE} if action == "diagnose" else {}
    return {"action": action, "at": at(hours), **said, **facts}


def steps(*actions: str) -> list[dict[str, Any]]:
    return [step(action, place + 1) for place, action in enumerate(actions)]


def called(name: str) -> dict[str, str]:
    return {"system": "crm", "reference_id": name}


class Desk:
    """An account whose cases are brought."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.owner = office.staff()
        self.account_id = office.account(owner_id=self.owner["staff_id"])["account_id"]
        office.moment = FRIDAY
        office.announced()

    def case(self, **facts: Any) -> dict[str, Any]:
        usual = {"kind": "complaint", "subject": "Broken lamps.", "is_not_similar": True}
        return usual | {"account_id": self.account_id, "received_at": at(0)} | facts

    def bring(self, *cases: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.office.do("open_case_batch", cases=[*cases])
        return answer

    def codes(self, *cases: dict[str, Any]) -> list[str | None]:
        return [one.get("code") for one in self.bring(*cases)["results"]]

    def cases(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.office.do("list_cases", account_id=self.account_id)[
            "items"
        ]
        return found


@pytest.fixture
def desk(office) -> Desk:
    return Desk(office)


def test_a_case_comes_with_all_that_was_done_with_it(desk: Desk) -> None:
    contact = {"name": "Eve", "roles": [], "email": "eve@acme.example"}
    contact_id = desk.office.do("add_contact", account_id=desk.account_id, **contact)["contact_id"]
    desk.office.announced()
    done = steps(*SOLVED)
    done[1] |= {"product": "LAMP-7", "caused_by_id": desk.owner["staff_id"]}
    done[5] |= {"contact_id": contact_id, "satisfaction": 4}
    answer = desk.bring(desk.case(steps=done, contact_id=contact_id, products=["LAMP-7"]))
    [result] = answer["results"]
    assert (answer["opened"], result["status"], result["is_new"]) == (1, "closed", True)
    case = desk.office.do("get_case", case_id=result["case_id"])
    assert (case["version"], case["number"]) == (8, result["number"])
    assert (case["problem"], case["proposal"]) == ("Said at 1.", "Said at 3.")
    assert (case["case_cause_id"], case["product"]) == (CAUSE, "LAMP-7")
    assert (case["confirmed_by_id"], case["satisfaction"]) == (contact_id, 4)
    assert [case[name] for name in ("received_at", "moved_at", "closed_at")] == [
        at(0),
        at(7),
        at(7),
    ]
    states = desk.office.do("list_case_states", case_id=case["case_id"])["items"]
    assert [one["action"] for one in states] == [None, *SOLVED]
    assert [one["moved_at"] for one in states] == [at(hours) for hours in range(8)]
    assert {one["recorded_at"] for one in states} == {FRIDAY.isoformat()}
    assert desk.office.announced() == ["case_opened", *["case_moved"] * 6, "case_closed"]
    assert {one["outcome"] for one in case["clocks"]} == {"met"}


def test_a_list_that_is_sent_again_opens_nothing_twice_and_changes_nothing(desk: Desk) -> None:
    cases = [desk.case(**called(name), steps=steps("acknowledge")) for name in "12"]
    first = desk.bring(*cases)
    again = desk.bring(desk.case(**called("3")), *(one | {"steps": []} for one in cases))
    assert (again["opened"], again["found"], again["refused"]) == (1, 2, 0)
    names = ("case_id", "number", "status")
    assert [[one[name] for name in names] for one in again["results"][1:]] == [
        [one[name] for name in names] for one in first["results"]
    ]
    assert len(desk.cases()) == 3


def test_what_stands_twice_in_a_list_is_opened_once(desk: Desk) -> None:
    same = desk.case(**called("7"))
    wrong = desk.case(**called("7"), owner_id=NOBODY)
    answer = desk.bring(wrong, same, same)
    assert [one.get("is_new") for one in answer["results"]] == [None, True, False]
    assert len(desk.cases()) == 1


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"account_id": NO_ACCOUNT}, "account_not_found", "account_id"),
        ({"owner_id": NOBODY}, "staff_not_found", None),
        ({"contact_id": NO_CONTACT}, "contact_not_found", "contact_id"),
        ({"staff_ids": [NOBODY], "kind": "praise"}, "staff_not_found", "staff_ids"),
        ({"disputed": {"amount": 100, "currency": "GBP"}}, "invoice_missing", "disputed"),
        ({"received_at": at(1000)}, "in_the_future", "received_at"),
        ({"system": "crm"}, "invalid_fields", "reference_id"),
        ({"steps": steps("propose")}, "wrong_status", "steps/0"),
        ({"steps": steps("acknowledge", "close")}, "not_solved", "steps/1"),
        ({"steps": [step("acknowledge", -1)]}, "out_of_order", "steps/0/at"),
        ({"steps": [step("acknowledge", 1000)]}, "in_the_future", "steps/0/at"),
        ({"steps": [step("acknowledge", 1, note=None)]}, "invalid_fields", "steps/0/note"),
        ({"steps": [step("note", 1, satisfaction=5)]}, "invalid_fields", "steps/0/satisfaction"),
        ({"steps": [step("approve", 1)]}, "invalid_fields", "steps/0/action"),
        (
            {"steps": [*steps("acknowledge"), step("diagnose", 2, case_cause_id=NO_CAUSE)]},
            "case_cause_not_found",
            "steps/1/case_cause_id",
        ),
        (
            {"steps": [*steps("acknowledge"), step("diagnose", 2, caused_by_id=NOBODY)]},
            "staff_not_found",
            "steps/1/caused_by_id",
        ),
        (
            {"steps": [*steps(*SOLVED[:5]), step("confirm", 6, contact_id=NO_CONTACT)]},
            "contact_not_found",
            "steps/5/contact_id",
        ),
        ({"steps": [*steps(*SOLVED), step("reopen", 15 * 24)]}, "in_the_future", "steps/7/at"),
    ],
)
def test_one_that_is_refused_is_named_with_its_place_and_stops_no_other(
    desk: Desk, wrong: dict[str, Any], code: str, field: str | None
) -> None:
    answer = desk.bring(desk.case(), desk.case(**wrong), desk.case())
    assert [one.get("code") for one in answer["results"]] == [None, code, None]
    assert (answer["opened"], answer["refused"], len(desk.cases())) == (2, 1, 2)
    refused = answer["results"][1]
    assert (refused["index"], bool(refused["detail"])) == (1, True)
    assert [one["field"] for one in refused["errors"]] == ([] if field is None else [field])


def test_what_was_closed_for_long_was_not_reopened(desk: Desk) -> None:
    late = {"received_at": at(-1000), "steps": [*steps(*SOLVED), step("reopen", 15 * 24)]}
    desk.office.moment += timedelta(days=30)
    assert desk.codes(desk.case(**late)) == ["closed_too_long"]


def test_the_reference_of_another_accounts_case_is_refused(desk: Desk) -> None:
    desk.bring(desk.case(**called("1")))
    other_id = desk.office.account()["account_id"]
    assert desk.codes(desk.case(**called("1"), account_id=other_id)) == ["reference_taken"]
    assert desk.codes(desk.case(system="shop", reference_id="1", account_id=other_id)) == [None]


def test_who_has_left_may_have_looked_after_what_has_ended_alone(desk: Desk) -> None:
    left_id = desk.office.staff()["staff_id"]
    desk.office.do("leave_staff", staff_id=left_id)
    ended = desk.case(owner_id=left_id, steps=steps(*SOLVED))
    assert desk.codes(desk.case(owner_id=left_id), ended) == ["staff_left", None]


def test_an_open_case_about_the_same_is_shown_first(desk: Desk) -> None:
    compared = desk.case(is_not_similar=False)
    elsewhere = compared | {"account_id": desk.office.account()["account_id"]}
    [known] = desk.bring(desk.case())["results"]
    answer = desk.bring(
        compared,
        compared | {"steps": steps("withdraw")},
        elsewhere,
        elsewhere,
        compared | {"kind": "request"},
        compared | {"about": INVOICE, "received_at": at(-9000)},
        compared | {"about": INVOICE},
        compared | {"received_at": at(-31 * 24)},
    )
    codes = [one.get("code") for one in answer["results"]]
    similar = "similar_case"
    assert codes == [similar, None, None, similar, None, None, similar, None]
    assert answer["results"][0]["detail"].startswith(known["number"])


@pytest.mark.parametrize(("actions", "is_told"), [((), True), (("withdraw",), False)])
def test_what_has_ended_contests_no_amount_any_more(
    desk: Desk, actions: tuple[str, ...], is_told: bool
) -> None:
    disputed = {"about": INVOICE, "disputed": {"amount": 100, "currency": "GBP"}}
    assert desk.codes(desk.case(**disputed, steps=steps(*actions))) == [None]
    assert ("complaint_about_amount" in desk.office.announced()) == is_told


def test_nobody_is_warned_of_what_was_taken_over_within_an_hour(desk: Desk) -> None:
    desk.bring(desk.case(steps=steps("acknowledge")), desk.case(steps=steps(*SOLVED)))
    desk.office.pass_until(FRIDAY + timedelta(minutes=59))
    assert "case_escalated" not in desk.office.announced()
    desk.office.pass_until(FRIDAY + timedelta(minutes=61))
    assert desk.office.announced().count("case_escalated") == 2, "of news and solution of the first"


def test_of_two_that_bring_the_same_at_once_one_opens_it(office, at_once) -> None:
    with_account = at_once(lambda office: office.account())[0]
    case = {
        "account_id": with_account["account_id"],
        "kind": "request",
        "subject": "A copy of the invoice.",
        "is_not_similar": True,
    }
    cases = [case | called(new_id("ref")) for _ in range(5)]
    answers = at_once(
        *(
            lambda office, sent=sent: office.do("open_case_batch", cases=sent)
            for sent in (cases, cases[::-1], cases)
        )
    )
    assert sorted(one["opened"] for one in answers) == [0, 0, 5]
    assert len({one["case_id"] for answer in answers for one in answer["results"]}) == 5


def test_the_number_of_statements_does_not_grow_with_the_cases(desk: Desk) -> None:
    def count(cases: int) -> int:
        sent = [
            desk.case(**called(new_id("ref")), steps=steps(*SOLVED), is_not_similar=place % 2 == 0)
            for place in range(cases)
        ]
        statements: list[str] = []
        engine = desk.office.session.get_bind()

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert desk.bring(*sent)["opened"] == cases
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    few = count(2)
    assert 0 < count(50) <= few
