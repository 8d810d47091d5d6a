"""What others answer to remedies, played from their contracts; what is left and what it cost."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.ids import new_id
from kernel.refusals import Refusal
from services.accounts.remedies.rules import MOVES, RemedyAction, RemedyStatus
from services.billing import events as invoices_
from services.billing.credits import events as credits_
from services.billing.remedies import events as billing
from services.sales.returns import events as returns
from tests.services.accounts.remedies.conftest import CAUSE, Desk

pytestmark = pytest.mark.server

# The other side, played from its contract: what it answers to a remedy.
ANSWERS = {
    "billing.credit_note_issued": (credits_.CreditNoteIssued, "executed"),
    "sales.return_authorised": (returns.ReturnAuthorised, "executed"),
    "sales.replacement_ordered": (returns.ReplacementOrdered, "executed"),
    "billing.remedy_refused": (billing.RemedyRefused, "refused"),
    "sales.remedy_refused": (returns.RemedyRefused, "refused"),
}


def answer(desk: Desk, name: str, remedy: dict[str, Any], **facts: Any) -> None:
    source, _ = name.split(".")
    event, _ = ANSWERS[name]
    about = {"account_id": desk.account_id, "remedy_id": remedy["remedy_id"]}
    desk.office.hear(source, event.name, **event.example | about | facts)


def in_status(desk: Desk, status: str) -> dict[str, Any]:
    """A remedy that stands so."""
    remedy = desk.give("ada", desk.case(), 6000)
    sent = {"remedy_id": remedy["remedy_id"]}
    if status in ("granted", "executed", "refused"):
        desk.do("lea", "approve_remedy", **sent)
    why = {"reason": "So."}
    last: dict[str, tuple[str, str, dict[str, str]]] = {
        "executed": ("ada", "execute_remedy", {"executed_as": "other"}),
        "refused": ("ada", "note_remedy_refused", why),
        "declined": ("lea", "decline_remedy", why),
        "withdrawn": ("ada", "withdraw_remedy", why),
    }
    if status in last:
        who, endpoint, values = last[status]
        desk.do(who, endpoint, **sent, **values)
    return dict(desk.office.do("get_remedy", **sent))


@pytest.mark.parametrize("status", RemedyStatus)
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_counts_once_while_a_remedy_is_granted_and_changes_nothing_otherwise(
    desk: Desk, name: str, status: RemedyStatus
) -> None:
    remedy = in_status(desk, status)
    _, becomes = ANSWERS[name]
    before = desk.status(remedy["case_id"])
    answer(desk, name, remedy, account_id=new_id("acc"))
    assert desk.office.do("get_remedy", remedy_id=remedy["remedy_id"]) == remedy
    answer(desk, name, remedy)
    found = desk.office.do("get_remedy", remedy_id=remedy["remedy_id"])
    if status != RemedyStatus.GRANTED:
        assert found == remedy
        assert desk.status(remedy["case_id"]) == before
        return
    assert found["status"] == becomes
    after = {"executed": "executed", "refused": "proposed"}[becomes]
    assert desk.status(remedy["case_id"]) == after
    answer(desk, name, remedy)
    assert desk.office.do("get_remedy", remedy_id=remedy["remedy_id"]) == found


COMMANDS = {
    RemedyAction.APPROVE: ("lea", "approve_remedy", {}),
    RemedyAction.DECLINE: ("lea", "decline_remedy", {"reason": "So."}),
    RemedyAction.WITHDRAW: ("ada", "withdraw_remedy", {"reason": "So."}),
    RemedyAction.EXECUTE: ("ada", "execute_remedy", {"executed_as": "other"}),
    RemedyAction.REFUSE: ("ada", "note_remedy_refused", {"reason": "So."}),
}


@pytest.mark.parametrize("status", RemedyStatus)
@pytest.mark.parametrize("action", RemedyAction)
def test_a_command_is_done_where_the_table_says_and_refused_elsewhere(
    desk: Desk, action: RemedyAction, status: RemedyStatus
) -> None:
    remedy = in_status(desk, status)
    who, endpoint, values = COMMANDS[action]
    to = MOVES[status].get(action)
    sent = {"remedy_id": remedy["remedy_id"], **values}
    if to is None:
        assert desk.refusal(who, endpoint, **sent).code == "wrong_status"
    else:
        assert desk.do(who, endpoint, **sent)["status"] == to


def test_what_carried_a_remedy_out_is_kept(desk: Desk) -> None:
    remedy = desk.give("ada", desk.case())
    answer(desk, "billing.credit_note_issued", remedy)
    found = desk.office.do("get_remedy", remedy_id=remedy["remedy_id"])
    number = credits_.CreditNoteIssued.example["credit_note_id"]
    assert (found["executed_as"], found["carried_out_by"]) == ("credit_note", number)
    assert found["executed_by"] == "billing"


def test_a_refusal_says_why_and_the_case_is_proposed_again_with_that(desk: Desk) -> None:
    case_id = desk.case()
    remedy = desk.give("ada", case_id)
    answer(desk, "sales.remedy_refused", remedy, code="out_of_stock", reason="No more lamps.")
    found = desk.office.do("get_remedy", remedy_id=remedy["remedy_id"])
    assert (found["ended_by"], found["ended_code"]) == ("sales", "out_of_stock")
    case = desk.office.do("get_case", case_id=case_id)
    assert (case["status"], case["proposal"]) == ("proposed", "No more lamps.")
    assert desk.give("ada", case_id)["status"] == "granted"
    assert desk.status(case_id) == "accepted"


def test_an_answer_ends_the_waiting_for_the_client(desk: Desk) -> None:
    case_id = desk.case()
    remedy = desk.give("ada", case_id)
    desk.office.do("wait_for_client", case_id=case_id, note="They send the lamps.")
    answer(desk, "sales.return_authorised", remedy)
    assert desk.status(case_id) == "executed"


def test_a_remedy_that_stands_takes_from_its_line_and_one_that_is_over_does_not(
    desk: Desk,
) -> None:
    invoice_id = desk.bill()
    sent = {"kind": "return", "invoice_id": invoice_id}
    waiting = desk.give("ada", desk.case(), **sent, lines=[{"position": 1, "quantity": "4"}])
    assert waiting["status"] == "waiting_for_approval"
    two = {"case_id": desk.case(), "reason": "So.", "lines": [{"position": 1, "quantity": "2"}]}
    refusal = desk.refusal("ada", "give_remedy", **sent, **two)
    assert (refusal.code, refusal.facts["left_quantity"]) == ("exceeds_line", "1")
    desk.do("ada", "withdraw_remedy", remedy_id=waiting["remedy_id"], reason="Too many.")
    granted = desk.do("ada", "give_remedy", **sent, **two)
    answer(desk, "sales.remedy_refused", granted)
    all_five = [{"position": 1, "quantity": "5"}]
    assert desk.give("lea", desk.case(), **sent, lines=all_five)["amount"] == 7000


def test_a_sum_of_an_invoice_is_at_most_what_is_left_of_it(desk: Desk) -> None:
    invoice_id = desk.bill(("Lamp", "1", 5000))
    desk.give("ada", desk.case(), 3000, invoice_id=invoice_id)
    more = {"amount": 2001, "currency": "EUR"}
    sent = {"kind": "credit", "invoice_id": invoice_id, "amount": more, "reason": "So."}
    refusal = desk.refusal("ada", "give_remedy", case_id=desk.case(), **sent)
    assert (refusal.code, refusal.facts["left"]) == ("exceeds_invoice", 2000)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xz"}, "invoice_not_found"),
        ({"lines": None}, "no_such_line"),
        ({}, "invoice_void"),
    ],
)
def test_lines_are_of_an_invoice_of_the_account_that_stands(
    desk: Desk, facts: dict[str, Any], code: str
) -> None:
    invoice_id = desk.bill(**facts)
    if code == "invoice_void":
        about = {"account_id": desk.account_id, "invoice_id": invoice_id, "items": []}
        desk.office.hear("billing", "invoice_voided", **invoices_.InvoiceVoided.example | about)
    lines = [{"position": 1, "quantity": "1"}]
    sent = {"kind": "credit", "invoice_id": invoice_id, "lines": lines, "reason": "So."}
    assert desk.refusal("ada", "give_remedy", case_id=desk.case(), **sent).code == code


def test_what_is_credited_to_who_pays_carries_out_the_remedy_of_whom_it_is_for(desk: Desk) -> None:
    payer = {"account_id": new_id("acc"), "for_account_id": desk.account_id}
    invoice_id = desk.bill()
    desk.office.hear(
        "billing", "invoice_issued", **invoices_.InvoiceIssued.example | {"items": []} | payer
    )
    remedy = desk.give("ada", desk.case(), 700, invoice_id=invoice_id)
    answer(desk, "billing.credit_note_issued", remedy, **payer)
    assert desk.office.do("get_remedy", remedy_id=remedy["remedy_id"])["status"] == "executed"


def test_what_remedies_cost_is_told_by_month_cause_and_product(desk: Desk) -> None:
    invoice_id = desk.bill()
    lamps, tables = desk.case(product="LAMP-7"), desk.case(product="TABLE-1")
    lines = [{"position": 1, "quantity": "2"}]
    desk.give("ada", lamps, kind="return", invoice_id=invoice_id, lines=lines)
    desk.give("ada", lamps, 500)
    desk.give("ada", tables, 6000)  # waits
    refused = desk.give("ada", tables, 700)
    answer(desk, "billing.remedy_refused", refused)
    desk.office.pass_days(20)
    desk.give("ada", lamps, 900, amount={"amount": 900, "currency": "EUR"})
    costs = desk.office.do("report_remedy_costs", **{"from": "2026-06-01", "to": "2026-07-31"})
    same = {"case_cause_id": CAUSE, "cause": "Damaged on its way", "product": "LAMP-7"}
    assert costs["items"] == [
        {"month": "2026-06", **same, "currency": "EUR", "remedies": 2, "net": 2800, "gross": 500},
        {"month": "2026-07", **same, "currency": "EUR", "remedies": 1, "net": 0, "gross": 900},
    ]
    others = {"from": "2026-06-01", "to": "2026-06-30", "account_id": new_id("acc")}
    assert desk.office.do("report_remedy_costs", **others)["items"] == []


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["give", "give", "approve", "withdraw", "decline", "refused", "done"]),
            st.integers(0, 5),
            st.decimals("0.5", "4", places=1),
            st.none() | st.integers(1, 1400),
        ),
        max_size=12,
    )
)
def test_of_no_line_more_is_made_good_than_was_invoiced_whatever_comes(
    session: Any, office_of: Any, desk_of: Any, story: Any
) -> None:
    with session.begin_nested() as savepoint:
        desk = desk_of(office_of(session))
        invoice_id, remedies = desk.bill(), []
        for what, which, quantity, price in story:
            with suppress(Refusal):
                if what == "give":
                    line = {"position": 1, "quantity": str(quantity), "unit_price": price}
                    of_it = {"kind": "credit", "invoice_id": invoice_id, "lines": [line]}
                    remedies.append(desk.give("ada", desk.case(), **of_it)["remedy_id"])
                elif remedies:
                    _go_on(desk, what, remedies[which % len(remedies)])
            standing = [
                line
                for remedy in desk.office.do("list_remedies", account_id=desk.account_id)["items"]
                if remedy["status"] in ("granted", "executed", "waiting_for_approval")
                for line in remedy["lines"]
            ]
            assert sum(Decimal(line["quantity"]) for line in standing) <= 5
            assert sum(line["amount"] for line in standing) <= 7000
        savepoint.rollback()


def _go_on(desk: Desk, what: str, remedy_id: str) -> None:
    why = {"remedy_id": remedy_id, "reason": "So."}
    match what:
        case "approve":
            desk.do("lea", "approve_remedy", remedy_id=remedy_id)
        case "withdraw":
            desk.do("ada", "withdraw_remedy", **why)
        case "decline":
            desk.do("lea", "decline_remedy", **why)
        case "refused":
            answer(desk, "billing.remedy_refused", {"remedy_id": remedy_id})
        case "done":
            answer(desk, "billing.credit_note_issued", {"remedy_id": remedy_id})
