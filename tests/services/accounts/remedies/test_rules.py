"""What a remedy may come to, where it and its case may go, and who decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from kernel.refusals import Conflict, Forbidden, Invalid, Refusal
from services.accounts.cases import rules as cases
from services.accounts.cases.rules import CaseAction, CaseStatus
from services.accounts.remedies import rules
from services.accounts.remedies.rules import RemedyAction, RemedyKind, RemedyStatus, Step, Used

LAMPS = {"position": 1, "description": "Lamp", "quantity": "5", "unit_price": 1400, "net": 7000}
TABLE = {"position": 2, "description": "Table", "quantity": "1", "unit_price": 9900, "net": 9900}
TAKEN_OFF = {
    "position": 3,
    "description": "Ahead",
    "quantity": "-1",
    "unit_price": 500,
    "net": -500,
}
BILLED = [LAMPS, TABLE, TAKEN_OFF]


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def ask(position: int, quantity: str = "1", unit_price: int | None = None, **facts: Any) -> Any:
    asked = {"position": position, "quantity": Decimal(quantity), "unit_price": unit_price}
    return {**asked, "is_returned": None, **facts}


def choose(*asked: Any, kind: RemedyKind = RemedyKind.RETURN, used: Any = None) -> list[rules.Line]:
    return rules.choose_lines(kind, asked, BILLED, used or {}, currency="EUR")


def refusal_of(work: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        work()
    return refused.value


def test_two_come_back_and_something_is_taken_off_another_line() -> None:
    lines = choose(ask(1, "2"), ask(2, "1", 1000, is_returned=False))
    assert [line.amount for line in lines] == [2800, 1000]
    assert [line.is_returned for line in lines] == [True, False]
    assert rules.total_of(lines) == 3800


@pytest.mark.parametrize(
    ("asked", "used", "code", "field"),
    [
        ([ask(1, "5.001")], {}, "exceeds_line", "lines/0/quantity"),
        ([ask(1, "3")], {1: Used(Decimal(3), 10)}, "exceeds_line", "lines/0/quantity"),
        ([ask(1, "1")], {1: Used(Decimal(1), 5601)}, "exceeds_line", "lines/0/unit_price"),
        ([ask(2), ask(1, "2", 1401)], {}, "price_above_invoice", "lines/1/unit_price"),
        ([ask(4)], {}, "no_such_line", "lines/0/position"),
        ([ask(1), ask(1)], {}, "no_such_line", "lines/1/position"),
        ([ask(3)], {}, "exceeds_line", "lines/0/quantity"),
    ],
)
def test_no_more_is_made_good_than_is_left_of_a_line(
    asked: Any, used: Any, code: str, field: str
) -> None:
    refusal = refusal_of(lambda: choose(*asked, used=used))
    assert refusal.code == code
    assert [error["field"] for error in refusal.errors] == [field]


def test_what_is_left_of_a_line_is_said() -> None:
    refusal = refusal_of(lambda: choose(ask(1, "4"), used={1: Used(Decimal("1.5"), 2100)}))
    assert refusal.detail == "Of line 1, 3.5 is left for remedies; ask for no more."
    assert refusal.facts == {"left_quantity": "3.5", "left_net": 4900}


def test_goods_come_back_with_a_return_alone() -> None:
    [credited] = choose(ask(1), kind=RemedyKind.CREDIT)
    assert not credited.is_returned
    refusal = refusal_of(lambda: choose(ask(1, is_returned=True), kind=RemedyKind.CREDIT))
    assert refusal.code == "no_return"


@given(
    remedies=st.lists(
        st.lists(
            st.tuples(
                st.integers(1, 3),
                st.decimals("0.001", "6", places=3),
                st.none() | st.integers(0, 10000),
            ),
            min_size=1,
            max_size=3,
        )
    )
)
def test_remedies_together_never_exceed_their_line(remedies: Any) -> None:
    used: dict[int, Used] = {}
    for asked in remedies:
        try:
            lines = choose(
                *(ask(place, str(much), price) for place, much, price in asked), used=used
            )
        except Refusal:
            continue
        for line in lines:
            known = used.get(line.position, rules.NOTHING)
            used[line.position] = Used(known.quantity + line.quantity, known.amount + line.amount)
    for billed in BILLED:
        known = used.get(billed["position"], rules.NOTHING)
        assert known.quantity <= max(Decimal(billed["quantity"]), Decimal(0))
        assert known.amount <= max(billed["net"], 0)


@pytest.mark.parametrize(
    ("total", "used", "amount", "left"),
    [(11900, 0, 11900, None), (11900, 1900, 10001, 10000), (0, 100, 1, 0)],
)
def test_no_more_is_given_of_an_invoice_than_is_left(
    total: int, used: int, amount: int, left: int | None
) -> None:
    if left is None:
        rules.require_sum_left(eur(amount), total=total, used=used)
        return
    refusal = refusal_of(lambda: rules.require_sum_left(eur(amount), total=total, used=used))
    assert (refusal.code, refusal.facts["left"]) == ("exceeds_invoice", left)


@pytest.mark.parametrize(
    ("kind", "form", "code"),
    [
        ("credit", (True, True, False), None),
        ("credit", (False, False, True), None),
        ("goodwill", (True, False, True), None),
        ("return", (True, True, False), None),
        ("return", (True, False, True), "lines_missing"),
        ("replacement", (False, False, True), "lines_missing"),
        ("credit", (True, True, True), "lines_or_amount"),
        ("credit", (True, False, False), "lines_or_amount"),
        ("credit", (False, True, False), "invoice_missing"),
    ],
)
def test_a_remedy_is_by_lines_or_by_a_sum(
    kind: str, form: tuple[bool, bool, bool], code: str | None
) -> None:
    has_invoice, has_lines, has_sum = form
    facts = {"has_invoice": has_invoice, "has_lines": has_lines, "has_sum": has_sum}
    if code is None:
        rules.require_form(RemedyKind(kind), **facts)
    else:
        assert refusal_of(lambda: rules.require_form(RemedyKind(kind), **facts)).code == code


def test_a_sum_is_in_the_currency_of_its_invoice() -> None:
    with pytest.raises(Invalid, match="in USD"):
        rules.require_same_currency(eur(1), currency="USD")


POSSIBLE = {
    ("waiting_for_approval", "approve"): "granted",
    ("waiting_for_approval", "decline"): "declined",
    ("waiting_for_approval", "withdraw"): "withdrawn",
    ("granted", "execute"): "executed",
    ("granted", "refuse"): "refused",
}


@pytest.mark.parametrize("status", RemedyStatus)
@pytest.mark.parametrize("action", RemedyAction)
def test_a_remedy_goes_where_the_table_says_or_is_refused(
    status: RemedyStatus, action: RemedyAction
) -> None:
    if (status, action) in POSSIBLE:
        assert rules.move_remedy(status, action) == POSSIBLE[status, action]
    else:
        with pytest.raises(Conflict, match="is for one that is") as refusal:
            rules.move_remedy(status, action)
        assert refusal.value.code == "wrong_status"


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("status", CaseStatus)
def test_a_case_follows_only_by_moves_that_it_has(step: Step, status: CaseStatus) -> None:
    before = CaseStatus.ACCEPTED if status == CaseStatus.WAITING_FOR_CLIENT else None
    for action in rules.path_of(step, status, before_waiting=before):
        assert action in cases.MOVES[status]
        status = cases.MOVES[status][action] or CaseStatus.ACCEPTED


@pytest.mark.parametrize(
    ("step", "status", "path"),
    [
        ("granted", "diagnosed", "propose accept"),
        ("granted", "accepted", ""),
        ("asked", "diagnosed", "propose ask_approval"),
        ("asked", "accepted", "propose ask_approval"),
        ("approved", "in_approval", "approve"),
        ("approved", "diagnosed", "propose accept"),
        ("partly_declined", "in_approval", "approve"),
        ("partly_declined", "diagnosed", ""),
        ("declined", "in_approval", "refuse"),
        ("executed", "accepted", "execute"),
        ("executed", "waiting_for_client", "resume execute"),
        ("refused", "accepted", "propose"),
        ("refused", "executed", ""),
        ("approved", "closed", ""),
    ],
)
def test_a_case_follows_its_remedies(step: str, status: str, path: str) -> None:
    before = CaseStatus.ACCEPTED if status == "waiting_for_client" else None
    found = rules.path_of(Step(step), CaseStatus(status), before_waiting=before)
    assert found == tuple(CaseAction(action) for action in path.split())


@pytest.mark.parametrize("status", CaseStatus)
def test_a_remedy_is_for_a_case_of_which_one_knows_what_it_comes_from(status: CaseStatus) -> None:
    if status in ("diagnosed", "proposed", "in_approval", "accepted"):
        rules.require_ready("C-1", status)
    else:
        with pytest.raises(Conflict, match="diagnosed or proposed or in_approval or accepted"):
            rules.require_ready("C-1", status)


@pytest.mark.parametrize("status", CaseStatus)
def test_nothing_is_approved_for_a_case_that_is_over(status: CaseStatus) -> None:
    if status in ("closed", "withdrawn", "duplicate"):
        with pytest.raises(Conflict, match="reopen the case"):
            rules.require_running("C-1", status)
    else:
        rules.require_running("C-1", status)


@pytest.mark.parametrize(
    ("by", "is_covered", "code"),
    [
        ("lea", True, None),
        ("lea", False, "authority_exceeded"),
        ("ada", True, "own_approval"),
        ("ben", True, "own_approval"),
        ("ben", False, "own_approval"),
    ],
)
def test_who_asked_and_who_caused_it_do_not_decide(
    by: str, is_covered: bool, code: str | None
) -> None:
    facts = {"by": by, "asked_by": "ada", "caused_by": "ben", "is_covered": is_covered}
    if code is None:
        rules.require_decider(**facts, could=[])
        return
    with pytest.raises(Forbidden, match="Lea Lead could decide") as refusal:
        rules.require_decider(**facts, could=[("lea", "Lea Lead")])
    assert (refusal.value.code, refusal.value.facts) == (code, {"could": ["lea"]})


def test_where_nobody_could_decide_it_is_said_who_would() -> None:
    with pytest.raises(Forbidden, match="somebody without a limit"):
        rules.require_decider(by="a", asked_by="a", caused_by=None, is_covered=True, could=[])


@pytest.mark.parametrize("kind", RemedyKind)
def test_money_that_is_none_is_not_given_but_goods_may_come_back_for_nothing(
    kind: RemedyKind,
) -> None:
    asked = ask(1, "2", 0), ask(2, "1", 0)
    if kind in (RemedyKind.RETURN, RemedyKind.REPLACEMENT):
        assert rules.total_of(choose(*asked, kind=kind)) == 0
        return
    refusal = refusal_of(lambda: choose(*asked, kind=kind))
    assert (refusal.code, refusal.errors[0]["field"]) == ("nothing_given", "lines")
    assert rules.total_of(choose(asked[0], ask(2), kind=kind)) == 9900


def test_an_invoice_that_was_voided_is_not_made_good() -> None:
    rules.require_not_void("RE-1", is_void=False)
    with pytest.raises(Conflict, match="RE-1 was voided"):
        rules.require_not_void("RE-1", is_void=True)


@pytest.mark.parametrize(
    ("to_on", "is_period"),
    [
        (date(2026, 1, 1), True),
        (date(2027, 1, 1), True),
        (date(2027, 1, 2), False),
        (date(2025, 12, 31), False),
    ],
)
def test_costs_are_of_at_most_a_year(to_on: date, is_period: bool) -> None:
    if is_period:
        rules.require_period(date(2026, 1, 1), to_on)
    else:
        with pytest.raises(Invalid, match="from 2026-01-01 to 2027-01-01") as refused:
            rules.require_period(date(2026, 1, 1), to_on)
        assert refused.value.errors[0]["field"] == "to", "as the parameter is called"


def test_what_waits_is_told_with_who_decides() -> None:
    facts = {"since": date(2026, 3, 2), "asked_by": "Ada"}
    said = rules.say_waiting(
        "Complaint C-1", RemedyKind.GOODWILL, eur(4000), **facts, approver="Lea"
    )
    assert said == "Complaint C-1: Ada asked on 2026-03-02 for goodwill of 40.00 EUR; Lea decides."
    alone = rules.say_waiting("C-1", RemedyKind.CREDIT, eur(1), **facts, approver=None)
    assert alone.endswith("nobody above may grant so much: raise an authority.")


def test_a_remedy_is_proposed_in_words() -> None:
    said = rules.say_proposal(RemedyKind.RETURN, eur(3800), "Broken.")
    assert said == "Return of 38.00 EUR: Broken."
