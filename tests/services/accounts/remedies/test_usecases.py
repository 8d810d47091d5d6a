"""Remedies: granted or asked for, decided, carried out or refused; their cases follow."""

from __future__ import annotations

import pytest

from tests.services.accounts.remedies.conftest import ORDER_LINES, Desk

pytestmark = pytest.mark.server

RETURN = [
    {"position": 1, "quantity": "2"},
    {"position": 2, "quantity": "1", "unit_price": 1000, "is_returned": False},
]


def test_two_returned_and_something_off_another_line_come_to_38_and_are_told_whole(
    desk: Desk,
) -> None:
    invoice_id, case_id = desk.bill(), desk.case()
    desk.events()
    remedy = desk.give("ada", case_id, kind="return", invoice_id=invoice_id, lines=RETURN)
    assert (remedy["amount"], remedy["status"], remedy["granted_on"]) == (
        3800,
        "granted",
        "2026-06-15",
    )
    assert desk.status(case_id) == "accepted"
    [told] = desk.events()
    lines = told.pop("lines")
    assert told == {
        "event": "remedy_granted",
        "account_id": desk.account_id,
        "remedy_id": remedy["remedy_id"],
        "case_id": case_id,
        "kind": "return",
        "currency": "EUR",
        "amount": 3800,
        "is_by_lines": True,
        "invoice_id": invoice_id,
        "invoice_number": "RE-1",
        "order_id": remedy["order_id"],
        "cause": "Damaged on its way",
        "granted_by": desk.people["ada"],
        "approved_by": None,
        "granted_on": "2026-06-15",
    }
    assert [(one["quantity"], one["unit_price"], one["is_returned"]) for one in lines] == [
        ("2", 1400, True),
        ("1", 1000, False),
    ]
    assert [one["order_line_id"] for one in lines] == ORDER_LINES[1:]


@pytest.mark.parametrize(
    ("who", "minor", "approver"),
    [
        ("ada", 5000, None),
        ("ada", 5001, "lea"),
        ("ada", 50001, "dora"),
        ("ada", 500001, "vera"),
        ("alf", 1, "ada"),
        ("alf", 5001, "lea"),
        ("lea", 50000, None),
        ("lea", 50001, "dora"),
        ("vera", 10**9, None),
        ("import", 1, "ada"),
        ("import", 5001, "lea"),
    ],
)
def test_what_is_above_an_authority_goes_to_the_next_above_whose_covers_it(
    desk: Desk, who: str, minor: int, approver: str | None
) -> None:
    case_id = desk.case()
    desk.events()
    remedy = desk.give(who, case_id, minor)
    assert remedy["approver_id"] == desk.people.get(approver or "")
    if approver is None:
        assert (remedy["status"], desk.status(case_id)) == ("granted", "accepted")
        return
    assert (remedy["status"], desk.status(case_id)) == ("waiting_for_approval", "in_approval")
    announced = desk.office.session.info["announced"]
    [due] = [data for event, data, _ in announced if event.name == "contact_due"]
    assert (due["reason"], due["about"]) == ("remedy_approval", remedy["remedy_id"])
    assert due["to_staff_id"] == remedy["approver_id"]
    assert due["sentence"].endswith(f"; {approver.capitalize()} decides.")
    [asked] = desk.events()
    assert (asked["event"], asked["approver_id"]) == ("remedy_asked", remedy["approver_id"])
    waiting = {"status": "waiting_for_approval", "approver_id": desk.people[approver]}
    [listed] = desk.office.do("list_remedies", **waiting)["items"]
    assert listed["remedy_id"] == remedy["remedy_id"]


def test_in_a_currency_without_limits_everything_goes_up(desk: Desk) -> None:
    money = {"amount": 1, "currency": "CHF"}
    remedy = desk.give("ada", desk.case(), amount=money)
    assert remedy["approver_id"] == desk.people["vera"]


def test_a_system_grants_with_the_scope_by_name_and_goodwill_within_the_budget_alone(
    desk: Desk,
) -> None:
    scope = "remedies:grant"
    assert desk.give("import", desk.case(), 10**8, scope)["status"] == "granted"
    goodwill = desk.give("import", desk.case(), 1, scope, kind="goodwill")
    assert goodwill["approver_id"] == desk.people["lea"]


def test_nobody_grants_alone_what_they_caused_and_whoever_caused_it_is_not_asked(
    desk: Desk,
) -> None:
    own = desk.give("ada", desk.case(caused_by_id=desk.people["ada"]), 100)
    assert own["approver_id"] == desk.people["lea"]
    leas = desk.give("ada", desk.case(caused_by_id=desk.people["lea"]), 6000)
    assert leas["approver_id"] == desk.people["dora"]
    refusal = desk.refusal("lea", "approve_remedy", remedy_id=leas["remedy_id"])
    assert refusal.code == "own_approval"
    assert refusal.facts["could"] == [desk.people["dora"], desk.people["vera"]]


def test_who_left_is_not_asked(desk: Desk) -> None:
    account = desk.office.staff(name="Moved", role="director")
    desk.do("ada", "edit_staff", staff_id=desk.people["dora"], reports_to_id=account["staff_id"])
    desk.do("ada", "edit_staff", staff_id=desk.people["lea"], reports_to_id=desk.people["vera"])
    desk.do("ada", "leave_staff", staff_id=desk.people["dora"])
    remedy = desk.give("ada", desk.case(), 60000)
    assert remedy["approver_id"] == desk.people["vera"]


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("ada", "own_approval"),
        ("alf", "authority_exceeded"),
        ("import", "authority_exceeded"),
        ("lea", None),
        ("dora", None),
    ],
)
@pytest.mark.parametrize("decision", ["approve", "decline"])
def test_whoever_has_the_authority_and_neither_asked_nor_caused_it_decides(
    desk: Desk, who: str, code: str | None, decision: str
) -> None:
    remedy = desk.give("ada", desk.case(), 6000)
    sent = {"remedy_id": remedy["remedy_id"]}
    sent |= {"reason": "Too much."} if decision == "decline" else {}
    if code is None:
        decided = desk.do(who, f"{decision}_remedy", **sent)
        assert decided["status"] == {"approve": "granted", "decline": "declined"}[decision]
        return
    refusal = desk.refusal(who, f"{decision}_remedy", **sent)
    assert refusal.code == code
    assert refusal.facts["could"][0] == desk.people["lea"]
    assert "Lea or Dora or Vera could decide" in refusal.detail


def test_what_is_approved_is_granted_and_its_reason_is_over(desk: Desk) -> None:
    case_id = desk.case()
    remedy = desk.give("ada", case_id, 6000)
    desk.office.announced()
    approved = desk.do("lea", "approve_remedy", remedy_id=remedy["remedy_id"], note="Fair.")
    assert (approved["approved_by"], approved["approval_note"]) == (desk.people["lea"], "Fair.")
    assert desk.status(case_id) == "accepted"
    announced = {event.name: data for event, data, _ in desk.office.session.info["announced"]}
    assert announced["contact_settled"]["about"] == remedy["remedy_id"]
    granted = announced["remedy_granted"]
    assert granted["granted_by"] == desk.people["ada"]
    assert granted["approved_by"] == desk.people["lea"]


@pytest.mark.parametrize(
    ("who", "endpoint", "event"),
    [
        ("lea", "decline_remedy", "remedy_declined"),
        ("ada", "withdraw_remedy", "remedy_withdrawn"),
    ],
)
def test_what_is_declined_or_withdrawn_leaves_its_case_to_be_proposed_anew(
    desk: Desk, who: str, endpoint: str, event: str
) -> None:
    case_id = desk.case()
    remedy = desk.give("ada", case_id, 6000)
    desk.events()
    over = desk.do(who, endpoint, remedy_id=remedy["remedy_id"], reason="Found it.")
    assert (over["ended_by"], over["ended_reason"]) == (desk.people[who], "Found it.")
    assert desk.status(case_id) == "diagnosed"
    assert [(one["event"], one["reason"]) for one in desk.events()] == [(event, "Found it.")]


def test_a_case_stays_in_approval_until_all_that_it_asked_for_is_decided(desk: Desk) -> None:
    case_id = desk.case()
    first, second = (desk.give("ada", case_id, 6000) for _ in range(2))
    desk.give("ada", case_id, 100)
    assert desk.status(case_id) == "in_approval"
    desk.do("lea", "approve_remedy", remedy_id=first["remedy_id"])
    assert desk.status(case_id) == "in_approval"
    desk.do("lea", "approve_remedy", remedy_id=second["remedy_id"])
    assert desk.status(case_id) == "accepted"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("is_done", [False, True])
def test_a_case_goes_on_with_what_is_granted_whatever_is_declined_and_when(
    desk: Desk, order: tuple[int, int], is_done: bool
) -> None:
    case_id = desk.case()
    asked = [desk.give("ada", case_id, 6000)["remedy_id"] for _ in range(2)]
    decisions = [("approve_remedy", {}), ("decline_remedy", {"reason": "Enough."})]
    for which in order:
        endpoint, sent = decisions[which]
        desk.do("lea", endpoint, remedy_id=asked[which], **sent)
        if endpoint == "approve_remedy" and is_done:
            desk.do("ada", "execute_remedy", remedy_id=asked[which], executed_as="other")
    assert desk.status(case_id) == ("executed" if is_done else "accepted")


def test_what_is_approved_although_it_was_turned_down_by_hand_is_accepted(desk: Desk) -> None:
    case_id = desk.case()
    remedy = desk.give("ada", case_id, 6000)
    desk.do("ada", "decline_proposal", case_id=case_id, note="Let it be.")
    desk.do("lea", "approve_remedy", remedy_id=remedy["remedy_id"])
    assert desk.status(case_id) == "accepted"


def test_a_case_is_not_approved_by_hand_while_a_remedy_of_it_waits(desk: Desk) -> None:
    case_id = desk.case()
    remedy = desk.give("ada", case_id, 6000)
    refused = desk.refusal("lea", "approve_case", case_id=case_id)
    assert (refused.code, refused.facts["remedies"]) == ("remedy_waits", [remedy["remedy_id"]])
    assert desk.status(case_id) == "in_approval"
    desk.do("ada", "withdraw_remedy", remedy_id=remedy["remedy_id"], reason="They want none.")
    desk.office.do("propose_solution", case_id=case_id, proposal="A visit.")
    desk.do("ada", "ask_approval", case_id=case_id)
    assert desk.do("lea", "approve_case", case_id=case_id)["status"] == "accepted"


def test_a_case_is_executed_with_the_last_of_its_remedies(desk: Desk) -> None:
    case_id = desk.case()
    first, second = (desk.give("ada", case_id, 100) for _ in range(2))
    by_hand = {"executed_as": "other", "carried_out_by": "A box of chocolates"}
    executed = desk.do("ada", "execute_remedy", remedy_id=first["remedy_id"], **by_hand)
    assert (executed["status"], executed["carried_out_by"]) == ("executed", "A box of chocolates")
    assert desk.status(case_id) == "accepted"
    desk.do("ada", "execute_remedy", remedy_id=second["remedy_id"], executed_as="credit_note")
    assert desk.status(case_id) == "executed"
    assert [one["event"] for one in desk.events()][-2:] == ["remedy_executed"] * 2


def test_nothing_is_approved_for_a_case_that_is_over(desk: Desk) -> None:
    case_id = desk.case()
    remedy = desk.give("ada", case_id, 6000)
    desk.do("ada", "decline_proposal", case_id=case_id, note="Let it be.")
    desk.do("ada", "withdraw_case", case_id=case_id, note="They do not pursue it.")
    sent = {"remedy_id": remedy["remedy_id"]}
    assert desk.refusal("lea", "approve_remedy", **sent).code == "case_over"
    desk.do("ada", "withdraw_remedy", **sent, reason="Over.")
    assert desk.status(case_id) == "withdrawn"
