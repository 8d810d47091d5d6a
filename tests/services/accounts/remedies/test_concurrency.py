"""What holds for one remedy holds for many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from services.accounts.remedies.models import Remedy

pytestmark = pytest.mark.server


@pytest.fixture
def begun(at_once: Callable[..., list[Any]], desk_of: Any) -> Callable[..., dict[str, Any]]:
    """A firm that others see too: its people, its account, cases and an invoice."""

    def begun(*lines: tuple[str, str, int], cases: int) -> dict[str, Any]:
        def begin(office: Any) -> dict[str, Any]:
            desk = desk_of(office)
            facts = {"people": desk.people, "account_id": desk.account_id}
            facts |= {"invoice_id": desk.bill(*lines, issued_on="2026-01-05")}
            return facts | {"cases": [desk.case() for _ in range(cases)]}

        [facts] = at_once(begin)
        return dict(facts)

    return begun


def give(facts: dict[str, Any], case_id: str, **what: Any) -> Callable[[Any], str]:
    """What the account manager asks for; where it stands then."""

    def work(office: Any) -> str:
        office.caller = _manager(office, facts)
        sent = {"case_id": case_id, "reason": "Broken.", **what}
        return str(office.do("give_remedy", **sent)["status"])

    return work


def _manager(office: Any, facts: dict[str, Any]) -> Any:
    staff_id = facts["people"]["ada"]
    return type(office.caller)(staff_id, office.caller.scopes, None, staff_id)


def test_remedies_asked_for_at_once_do_not_exceed_their_line(
    begun: Any, at_once: Callable[..., list[Any]]
) -> None:
    for _ in range(3):
        facts = begun(("Lamp", "5", 1400), cases=6)
        lines = [{"position": 1, "quantity": "2"}]
        asked = {"kind": "return", "invoice_id": facts["invoice_id"], "lines": lines}
        answers = at_once(*[give(facts, case_id, **asked) for case_id in facts["cases"]])
        assert sorted(answers) == ["exceeds_line"] * 4 + ["granted"] * 2


def test_goodwill_given_at_once_stays_within_the_budget(
    begun: Any, at_once: Callable[..., list[Any]]
) -> None:
    for _ in range(3):
        facts = begun(("Year", "1", 24_000_00), cases=7)
        asked = {"kind": "goodwill", "amount": {"amount": 48_00, "currency": "EUR"}}
        answers = at_once(*[give(facts, case_id, **asked) for case_id in facts["cases"]])
        assert sorted(answers) == ["granted"] * 5 + ["waiting_for_approval"] * 2


def test_several_of_one_case_at_once_leave_it_where_one_after_the_other_would(
    begun: Any, at_once: Callable[..., list[Any]], engine: Engine
) -> None:
    facts = begun(cases=1)
    [case_id] = facts["cases"]
    sums = [100, 6000, 200, 7000]
    asked = [{"kind": "credit", "amount": {"amount": one, "currency": "EUR"}} for one in sums]
    answers = at_once(*[give(facts, case_id, **what) for what in asked])
    assert answers == ["granted", "waiting_for_approval"] * 2
    [case] = at_once(lambda office: office.do("get_case", case_id=case_id)["status"])
    assert case == "in_approval"


def test_a_remedy_is_carried_out_once_whoever_says_so_at_once(
    begun: Any, at_once: Callable[..., list[Any]], engine: Engine
) -> None:
    for _ in range(3):
        facts = begun(cases=1)
        [case_id] = facts["cases"]
        sum_ = {"kind": "credit", "amount": {"amount": 100, "currency": "EUR"}}
        at_once(give(facts, case_id, **sum_))
        with Session(engine) as session:
            of_case = select(Remedy).where(Remedy.case_id == case_id)
            remedy_id = session.scalars(of_case).one().remedy_id
        refusal = {"account_id": facts["account_id"], "remedy_id": remedy_id}
        refusal |= {"code": "credit_exceeds_invoice", "reason": "Nothing is left."}

        def execute(office: Any, remedy_id: str = remedy_id) -> str:
            return str(
                office.do("execute_remedy", remedy_id=remedy_id, executed_as="other")["status"]
            )

        def refuse(office: Any, refusal: dict[str, Any] = refusal) -> None:
            office.hear("billing", "remedy_refused", **refusal)

        answers = at_once(execute, execute, refuse)
        with Session(engine) as session:
            status = session.get_one(Remedy, remedy_id).status
        executed = [answer for answer in answers if answer == "executed"]
        assert len(executed) == (status == "executed")
        assert status in ("executed", "refused")
