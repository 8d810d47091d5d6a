"""Cases: what clients bring up, from its receipt to its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.event import listen, remove

from kernel.callers import Caller
from kernel.refusals import Refusal, VersionMismatch
from services.accounts.cases.rules import MOVES, CaseStatus

pytestmark = pytest.mark.server

INVOICE = {"kind": "invoice", "id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xk", "number": "RE-2026-000017"}
OTHER_INVOICE = INVOICE | {"id": "inv_01jd3v4q6ye8z9t5k2m7n0p1xm"}
NOBODY, NO_CONTACT = "stf_01jd3v4q6ye8z9t5k2m7n0p1xz", "con_01jd3v4q6ye8z9t5k2m7n0p1xz"
FRIDAY = datetime(2026, 6, 12, 15, 30, tzinfo=UTC)
SOLVE = {
    "acknowledge_case": {"problem": "Two lamps came broken."},
    "diagnose_case": {"case_cause_id": "cau_00000000000000000000000002"},
    "propose_solution": {"proposal": "Two new lamps."},
    "accept_proposal": {},
    "execute_case": {},
    "confirm_case": {},
    "close_case": {},
}


class Desk:
    """One account's cases."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.lead = office.staff(name="Lea Lead", role="lead")
        self.owner = office.staff(reports_to_id=self.lead["staff_id"])
        self.account = office.account(owner_id=self.owner["staff_id"])
        self.account_id = self.account["account_id"]
        contact = {"name": "Eve", "roles": [], "email": "eve@acme.example"}
        self.contact = office.do("add_contact", account_id=self.account_id, **contact)
        office.moment = FRIDAY
        office.announced()

    def open(self, **values: Any) -> dict[str, Any]:
        sent = {"kind": "complaint", "subject": "Broken lamps.", "account_id": self.account_id}
        return self.office.do("open_case", **sent | values)

    def do(self, endpoint: str, case: dict[str, Any], **values: Any) -> dict[str, Any]:
        if endpoint == "confirm_case":
            values = {"contact_id": self.contact["contact_id"]} | values
        return self.office.do(endpoint, case_id=case["case_id"], **values)

    def solve(self, case: dict[str, Any], until: str = "close_case", **values: Any) -> Any:
        for endpoint, sent in SOLVE.items():
            case = self.do(endpoint, case, **sent, **values)
            if endpoint == until:
                break
        return case

    def clock(self, case: dict[str, Any], name: str) -> dict[str, Any]:
        clocks = self.office.do("get_case", case_id=case["case_id"])["clocks"]
        [found] = [one for one in clocks if one["clock"] == name]
        return found

    def told(self) -> list[tuple[str, str | None]]:
        """The reasons announced since this was last asked: due with its sentence, or settled."""
        announced = self.office.session.info.pop("announced", [])
        return [
            (event.name, data.get("sentence"))
            for event, data, _ in announced
            if event.name in ("contact_due", "contact_settled")
        ]


@pytest.fixture
def desk(office) -> Desk:
    return Desk(office)


@contextmanager
def hearing(session: Any, asked: list[str]) -> Iterator[None]:
    """Write down what the database is asked."""
    connection = session.connection()

    def hear(*given: Any) -> None:
        asked.append(given[2])

    listen(connection, "before_cursor_execute", hear)
    yield
    remove(connection, "before_cursor_execute", hear)


def refusal_of(work: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        work()
    return refused.value


def test_a_case_is_opened_with_number_owner_and_clocks(desk: Desk) -> None:
    case = desk.open(contact_id=desk.contact["contact_id"])
    assert case["number"].startswith("C-0")
    assert (case["status"], case["priority"]) == ("received", "normal")
    assert case["owner_id"] == desk.owner["staff_id"]
    assert desk.office.announced() == ["case_opened"]
    clocks = desk.office.do("get_case", case_id=case["case_id"])["clocks"]
    due = {one["clock"]: one["due_at"][5:16] for one in clocks}
    assert due == {
        "first_response": "06-15T11:30",
        "update": "06-16T15:30",
        "solution": "06-19T15:30",
    }


def test_a_case_goes_all_the_way(desk: Desk) -> None:
    case = desk.open()
    desk.office.announced()
    case = desk.solve(case)
    assert (case["status"], case["problem"]) == ("closed", "Two lamps came broken.")
    assert case["closed_at"]
    assert desk.office.announced() == ["case_moved"] * 6 + ["case_closed"]
    log = desk.office.do("list_case_states", case_id=case["case_id"])["items"]
    assert [one["action"] for one in log] == [
        *(None, "acknowledge", "diagnose", "propose", "accept", "execute", "confirm", "close")
    ]
    assert (log[1]["note"], log[1]["moved_by"]) == ("Two lamps came broken.", "key_office")
    assert {desk.clock(case, one)["outcome"] for one in ("first_response", "solution")} == {"met"}


def test_what_leads_nowhere_is_refused_and_says_what_would(desk: Desk) -> None:
    case = desk.open()
    refusal = refusal_of(lambda: desk.do("execute_case", case))
    assert (refusal.status, refusal.code) == (409, "wrong_status")
    assert "execute is for a case that is accepted" in refusal.detail


def test_approval_is_by_others(desk: Desk) -> None:
    case = desk.open()
    causing = {"caused_by_id": desk.owner["staff_id"]}
    desk.do("acknowledge_case", case, problem="Rude.")
    desk.do("diagnose_case", case, case_cause_id="cau_00000000000000000000000006", **causing)
    desk.do("propose_solution", case, proposal="An apology.")
    desk.do("ask_approval", case)
    assert refusal_of(lambda: desk.do("approve_case", case)).code == "own_approval"
    owner, lead = desk.owner["staff_id"], desk.lead["staff_id"]
    desk.office.caller = Caller(owner, frozenset({"*"}), None, owner)
    assert refusal_of(lambda: desk.do("approve_case", case)).code == "own_approval"
    desk.office.caller = Caller(lead, frozenset({"*"}), None, lead)
    assert desk.do("approve_case", case)["status"] == "accepted"


def test_what_is_declined_is_diagnosed_again(desk: Desk) -> None:
    case = desk.solve(desk.open(), until="propose_solution")
    assert desk.do("decline_proposal", case, note="Too little.")["status"] == "diagnosed"


def test_who_waits_goes_back_to_where_they_were_and_may_be_noted_of(desk: Desk) -> None:
    case = desk.solve(desk.open(), until="diagnose_case")
    case = desk.do("wait_for_client", case, note="Needs a photo.")
    assert (case["status"], case["status_before"]) == ("waiting_for_client", "diagnosed")
    case = desk.do("note_case", case, note="Rang them.")
    case = desk.do("resume_case", case)
    assert (case["status"], case["status_before"]) == ("diagnosed", None)


@pytest.mark.parametrize("status", [one for one in MOVES if "wait" in MOVES[one]])
def test_any_running_state_may_wait(desk: Desk, status: CaseStatus) -> None:
    case = {"status": "received", **desk.open()}
    for endpoint, sent in {**SOLVE, "ask_approval": {}}.items():
        if case["status"] == "proposed" and status == CaseStatus.IN_APPROVAL:
            endpoint, sent = "ask_approval", {}
        case = case if case["status"] == status else desk.do(endpoint, case, **sent)
    desk.do("wait_for_client", case, note="Asked.")
    assert desk.do("resume_case", case)["status"] == status


def test_a_closed_case_is_reopened_counted_and_its_solution_waited_for_anew(desk: Desk) -> None:
    case = desk.solve(desk.open())
    desk.office.moment += timedelta(days=14)
    case = desk.do("reopen_case", case, note="Broken again.")
    assert (case["status"], case["times_reopened"]) == ("acknowledged", 1)
    assert case["closed_at"] is None
    assert desk.office.announced()[-1] == "case_reopened"
    assert desk.clock(case, "solution")["outcome"] is None
    assert desk.clock(case, "first_response")["outcome"] == "met"
    for endpoint in list(SOLVE)[1:]:
        desk.do(endpoint, case, **SOLVE[endpoint])
    desk.office.moment += timedelta(days=14, seconds=1)
    refusal = refusal_of(lambda: desk.do("reopen_case", case, note="Again."))
    assert refusal.code == "closed_too_long"


def test_praise_names_people_and_is_closed_once_acknowledged(desk: Desk) -> None:
    named = {"staff_ids": [desk.owner["staff_id"]], "products": ["LAMP-7"]}
    case = desk.open(kind="praise", subject="So quick!", **named)
    [_, (event, data, _)] = desk.office.session.info.pop("announced")
    assert (event.name, data["text"]) == ("praise_given", "So quick!")
    assert {name: data[name] for name in named} == named
    desk.do("acknowledge_case", case, problem="They liked it.")
    assert desk.do("close_case", case)["status"] == "closed"
    other = desk.do("acknowledge_case", desk.open(), problem="They did not.")
    assert refusal_of(lambda: desk.do("close_case", other)).code == "not_solved"


def test_a_complaint_about_an_amount_is_told_and_brought_on_by_the_decision(desk: Desk) -> None:
    disputed = {"amount": 2800, "currency": "EUR"}
    case = desk.open(about=INVOICE, disputed=disputed)
    event, data, _ = desk.office.session.info.pop("announced")[-1]
    assert event.name == "complaint_about_amount"
    assert data == {
        "account_id": desk.account_id,
        "case_id": case["case_id"],
        "invoice_id": INVOICE["id"],
        "invoice_number": INVOICE["number"],
        "amount": 2800,
        "currency": "EUR",
        "reason": "Broken lamps.",
    }
    decided = {"outcome": "partly_upheld", "granted": disputed | {"amount": 1400}}
    case = desk.do("resolve_case_dispute", case, **decided, reason="One was whole.")
    assert (case["status"], case["dispute_outcome"]) == ("proposed", "partly_upheld")
    assert case["proposal"] == "The complaint is partly upheld, 14.00 EUR: One was whole."
    other = desk.open(kind="request")
    refused = refusal_of(
        lambda: desk.do("resolve_case_dispute", other, outcome="upheld", reason="So.")
    )
    assert refused.code == "nothing_disputed"


@pytest.mark.parametrize(
    ("first", "second", "is_similar"),
    [
        ({"about": INVOICE}, {"about": INVOICE, "kind": "request"}, True),
        ({"about": INVOICE}, {"about": OTHER_INVOICE}, False),
        ({}, {}, True),
        ({}, {"kind": "technical"}, False),
        ({"received_at": (FRIDAY - timedelta(days=30)).isoformat()}, {}, True),
        ({"received_at": (FRIDAY - timedelta(days=31)).isoformat()}, {}, False),
        ({}, {"about": INVOICE}, False),
    ],
)
def test_an_open_case_about_the_same_is_shown_first(
    desk: Desk, first: dict[str, Any], second: dict[str, Any], is_similar: bool
) -> None:
    known = desk.open(**first)
    if not is_similar:
        assert desk.open(**second)["case_id"] != known["case_id"]
        return
    refusal = refusal_of(lambda: desk.open(**second))
    assert (refusal.code, refusal.errors[0]["field"]) == ("similar_case", "is_not_similar")
    assert refusal.facts["cases"] == [{"case_id": known["case_id"], "number": known["number"]}]
    assert desk.open(**second, is_not_similar=True)["status"] == "received"


def test_what_has_ended_is_not_similar_any_more(desk: Desk) -> None:
    desk.do("withdraw_case", desk.open(), note="Found them.")
    assert desk.office.announced()[-1] == "case_withdrawn"
    assert desk.open()["status"] == "received"


def test_a_duplicate_names_the_case_that_goes_on(desk: Desk) -> None:
    case, other = desk.open(), desk.open(kind="request")
    named = {"duplicate_of_id": other["case_id"]}
    assert desk.do("mark_case_duplicate", case, **named)["duplicate_of_id"] == other["case_id"]
    event, told, _ = desk.office.session.info.pop("announced")[-1]
    assert (event.name, told["duplicate_of_id"]) == ("case_moved", other["case_id"])
    for original in (other, case):
        refusal = refusal_of(
            lambda original=original: desk.do(
                "mark_case_duplicate", other, duplicate_of_id=original["case_id"]
            )
        )
        assert refusal.code == "no_original"


@pytest.mark.parametrize(
    ("endpoint", "values", "code", "field"),
    [
        ("open_case", {"contact_id": NO_CONTACT}, "contact_not_found", "contact_id"),
        ("open_case", {"owner_id": NOBODY}, "staff_not_found", None),
        (
            "open_case",
            {"kind": "praise", "staff_ids": [NOBODY]},
            "staff_not_found",
            "staff_ids",
        ),
        ("open_case", {"received_at": "2026-06-12T15:30:01Z"}, "in_the_future", "received_at"),
        ("note_case", {"note": "So.", "at": "2026-06-12T15:30:01Z"}, "in_the_future", "at"),
        ("note_case", {"note": "So.", "at": "2026-06-12T15:29:59Z"}, "out_of_order", "at"),
        ("reassign_case", {"owner_id": NOBODY}, "staff_not_found", None),
    ],
)
def test_what_is_not_there_or_not_yet_is_refused_with_its_field(
    desk: Desk, endpoint: str, values: dict[str, Any], code: str, field: str | None
) -> None:
    case = desk.open(kind="technical")
    work = desk.open if endpoint == "open_case" else lambda **sent: desk.do(endpoint, case, **sent)
    refusal = refusal_of(lambda: work(**values))
    assert refusal.code == code
    assert [one["field"] for one in refusal.errors] == ([field] if field else [])


def test_a_diagnosis_names_a_cause_that_is_not_retired_and_a_person_who_is_there(
    desk: Desk,
) -> None:
    case = desk.do("acknowledge_case", desk.open(), problem="Broken.")
    added = desk.office.do("add_case_cause", name="Packed badly", party="us")
    cause = {"case_cause_id": added["case_cause_id"]}
    known = refusal_of(lambda: desk.office.do("add_case_cause", name="Packed badly", party="us"))
    assert (known.code, known.facts["case_cause_id"]) == ("duplicate_name", added["case_cause_id"])
    nobody = {"caused_by_id": NOBODY}
    assert refusal_of(lambda: desk.do("diagnose_case", case, **cause, **nobody)).code == (
        "staff_not_found"
    )
    assert desk.do("diagnose_case", case, **cause, product="LAMP-7")["product"] == "LAMP-7"
    assert desk.office.do("retire_case_cause", **cause)["retired_on"] == "2026-06-12"
    for again in (
        lambda: desk.do("diagnose_case", case, **cause),
        lambda: desk.office.do("retire_case_cause", **cause),
    ):
        assert refusal_of(again).code == "cause_retired"
    names = [one["name"] for one in desk.office.do("list_case_causes")["items"]]
    assert names[0] == "Delivered late"
    assert names[-1] == "Packed badly"


def test_somebody_else_takes_it_over(desk: Desk) -> None:
    case = desk.open()
    other = desk.office.staff(name="Ben Brown")["staff_id"]
    desk.office.announced()
    assert desk.do("reassign_case", case, owner_id=other)["owner_id"] == other
    assert desk.office.announced() == ["case_changed"]


def test_lists_are_filtered(desk: Desk) -> None:
    late, praise = desk.open(), desk.open(kind="praise", subject="Quick!", priority="low")

    def listed(**wanted: Any) -> list[str]:
        items = desk.office.do("list_cases", account_id=desk.account_id, **wanted)["items"]
        return [one["case_id"] for one in items]

    assert listed() == [praise["case_id"], late["case_id"]]
    assert listed(kind="praise") == listed(number=praise["number"]) == [praise["case_id"]]
    assert listed(status="acknowledged") == listed(owner_id=desk.lead["staff_id"]) == []
    assert listed(is_overdue=True) == []
    desk.office.moment = datetime(2026, 6, 15, 11, 30, tzinfo=UTC)
    assert listed(is_overdue=True) == [late["case_id"]]
    assert listed(is_overdue=False) == [praise["case_id"]]


@pytest.mark.parametrize("endpoint", ["list_cases", "list_case_states"])
def test_a_page_costs_the_same_however_many_are_on_it(desk: Desk, endpoint: str) -> None:
    case = desk.open()
    for _ in range(5):
        desk.open(is_not_similar=True)
        desk.do("note_case", case, note="Rang them.")
    wanted = {"list_cases": {"account_id": desk.account_id}, "list_case_states": {}}[endpoint]
    wanted = wanted or {"case_id": case["case_id"]}
    counted: list[list[str]] = []
    for limit in (1, 6):
        asked: list[str] = []
        desk.office.session.expunge_all()
        with hearing(desk.office.session, asked):
            page = desk.office.do(endpoint, **wanted, limit=limit)
        assert len(page["items"]) == limit
        counted.append(asked)
    assert len(counted[0]) == len(counted[1]) <= 2


def test_a_change_on_top_of_another_version_is_refused(desk: Desk) -> None:
    case = desk.open()
    desk.office.session.info["if_match"] = {case["case_id"]: case["version"] + 1}
    with pytest.raises(VersionMismatch):
        desk.do("acknowledge_case", case, problem="Broken.")
