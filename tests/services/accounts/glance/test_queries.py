"""Claims about an account at a glance: all there is to know, in statements whose number does not grow."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, text

from kernel.ids import new_id
from kernel.refusals import NotFound

pytestmark = pytest.mark.server


@pytest.fixture
def account(office) -> dict[str, Any]:
    account: dict[str, Any] = office.active_account(credit_limit=400)
    office.hear_itself()
    return account


def owe(office, account_id: str, *, number: int = 1) -> None:
    item = {
        "item_id": new_id("itm"),
        "version": 1,
        "invoice_id": new_id("inv"),
        "invoice_number": f"RE-{number}",
        "due_date": "2025-12-01",
        "currency": "GBP",
        "amount": 500,
        "balance": 500,
        "status": "open",
    }
    office.hear("billing", "item_introduced", account_id=account_id, **item)
    office.owe(account_id, 500, version=number)


def glance(office, account: dict[str, Any]) -> dict[str, Any]:
    office.session.expire_all()
    return dict(office.do("get_glance", account_id=account["account_id"]))


def test_what_is_owed_is_there_with_its_age_and_what_to_mind(office, account) -> None:
    owe(office, account["account_id"])
    seen = glance(office, account)
    assert seen["balances"] == [
        {
            "open": {"amount": 500, "currency": "GBP"},
            "unapplied": {"amount": 0, "currency": "GBP"},
            "ageing": [{"bucket": "31-60", "amount": {"amount": 500, "currency": "GBP"}}],
            "oldest_overdue_on": "2025-12-01",
        }
    ]
    assert seen["alerts"] == ["5.00 GBP is owed, and the credit limit is 4.00 GBP."]
    assert seen["account"]["number"] == account["number"]


def test_cases_orders_and_who_looks_after_it_are_there(office, account) -> None:
    account_id = account["account_id"]
    case = office.do("open_case", account_id=account_id, kind="complaint", subject="Broken lamps.")
    order = {"order_id": new_id("ord"), "number": "SO-1", "version": 2, "currency": "GBP"}
    office.hear("sales", "order_confirmed", account_id=account_id, total_gross=9_900, **order)
    seen = glance(office, account)
    assert [(one["number"], one["due_at"] is None) for one in seen["open_cases"]] == [
        (case["number"], False)
    ]
    assert [(one["number"], one["total_gross"]["amount"]) for one in seen["orders"]] == [
        ("SO-1", 9_900)
    ]
    assert (seen["owner"]["staff_id"], seen["owner"]["cover"]) == (account["owner_id"], None)
    assert seen["helpers"] == []


def test_who_stands_in_for_the_owner_is_named(office, account) -> None:
    delegate = office.staff(name="Dee Delegate")["staff_id"]
    office.do(
        "plan_absence",
        staff_id=account["owner_id"],
        delegate_id=delegate,
        from_on="2026-01-05",
        until_on="2026-01-09",
        reason="Ill.",
    )
    cover = glance(office, account)["owner"]["cover"]
    assert cover == {"staff_id": delegate, "name": "Dee Delegate", "until": "2026-01-09"}


def test_more_of_everything_costs_as_many_statements(office, account) -> None:
    def count() -> int:
        asked: list[str] = []

        def listen(*given: Any) -> None:
            asked.append(given[2])

        event.listen(office.session.connection(), "before_cursor_execute", listen)
        glance(office, account)
        event.remove(office.session.connection(), "before_cursor_execute", listen)
        return len(asked)

    office.do("open_case", account_id=account["account_id"], kind="request", subject="One.")
    owe(office, account["account_id"])
    once = count()
    for number in range(2, 12):
        owe(office, account["account_id"], number=number)
        case = {"kind": "request", "subject": f"No. {number}", "is_not_similar": True}
        office.do("open_case", account_id=account["account_id"], **case)
    assert count() == once == 3


def test_what_is_looked_at_is_found_through_indexes(office, account) -> None:
    for setting in ("enable_seqscan = off", "plan_cache_mode = force_generic_plan"):
        office.session.execute(text(f"SET LOCAL {setting}"))
    glance(office, account)
    connection = office.session.connection()
    plans = []
    for statement in ("%json_build_object%balances%", "%json_build_object%owed%"):
        named = text("SELECT name FROM pg_prepared_statements WHERE statement LIKE :statement")
        [name] = connection.scalars(named, {"statement": statement})
        values = "'{acc}', now()" if "balances" in statement else "'acc', 'stf'"
        plans += connection.exec_driver_sql(f"EXPLAIN EXECUTE {name} ({values})").scalars()
    scanned = {line.split(" on ")[1].split()[0] for line in plans if "Seq Scan on" in line}
    assert scanned <= {"absence", "staff"}, "there are few people"


def test_an_unknown_account_has_no_glance(office) -> None:
    with pytest.raises(NotFound):
        office.do("get_glance", account_id="acc_01jd3v4q6ye8z9t5k2m7n0p1xw")
