"""The daily review decides about each account alone; one it cannot decide about is parked, and why."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text, update

from services.accounts.reasons.models import ToldReason
from services.accounts.worklist.models import WorklistItem, WorklistReason

pytestmark = pytest.mark.server

REFUSE = """
CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'not this one' USING ERRCODE = 'data_exception';
END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW
    WHEN (NEW.account_id = '{account_id}') EXECUTE FUNCTION pg_temp.refuse();
"""


def _two(office: Any) -> tuple[str, str]:
    owner_id = office.staff()["staff_id"]
    odd, other = (office.onboarding_account(owner_id=owner_id, name=name) for name in "AB")
    return odd["account_id"], other["account_id"]


def _refuse(office: Any, account_id: str, model: type) -> None:
    """The database takes nothing more about an account in this table."""
    statement = REFUSE.format(table=model.__tablename__, account_id=account_id)  # type: ignore[attr-defined]
    office.session.execute(text(statement))


def _listed(office: Any) -> set[str]:
    items = office.session.query(WorklistItem).where(WorklistItem.status == "open")
    return {item.account_id for item in items}


def _parked(office: Any) -> list[tuple[str, str, str]]:
    page = office.do("list_parked_worklists")
    return [(one["account_id"], one["day"], one["reason"]) for one in page["items"]]


def _rest(office: Any, account_id: str) -> None:
    """It has a reason that comes back tomorrow."""
    facts = {"reason": "callback", "about": "", "sentence": "Call back.", "since": "2026-01-05"}
    office.hear("sales", "contact_due", account_id=account_id, version=1, **facts)
    [item] = office.session.query(WorklistItem).where(WorklistItem.account_id == account_id)
    office.do("finish_worklist_item", worklist_item_id=item.worklist_item_id, outcome="not_reached")


def test_an_account_whose_reason_cannot_be_told_stops_no_other(office: Any) -> None:
    odd, other = _two(office)
    office.pass_days(7)
    _refuse(office, odd, ToldReason)
    office.pass_days(1)

    assert _listed(office) == {other}
    day = office.clock.today().isoformat()
    assert _parked(office) == [(odd, day, "DataException: not this one")]


def test_an_account_whose_item_cannot_be_opened_stops_no_other(office: Any) -> None:
    odd, other = _two(office)
    for account_id in (odd, other):
        _rest(office, account_id)
    _refuse(office, odd, WorklistItem)
    office.pass_days(1)

    assert _listed(office) == {other}
    assert [account_id for account_id, _, _ in _parked(office)] == [odd]


def test_an_account_whose_item_cannot_be_settled_stops_no_other(office: Any) -> None:
    odd, other = _two(office)
    office.pass_days(8)
    assert _listed(office) == {odd, other}
    office.session.execute(update(WorklistReason).values(is_standing=False))
    _refuse(office, odd, WorklistItem)
    office.pass_days(1)

    assert _listed(office) == {odd}
    assert [account_id for account_id, _, _ in _parked(office)] == [odd]


def test_a_closed_account_with_money_in_no_currency_stops_no_other(office: Any) -> None:
    odd, other = (office.active_account()["account_id"] for _ in "AB")
    for account_id in (odd, other):
        office.close(account_id)
    office.hear_itself()
    office.session.execute(
        text(
            "INSERT INTO account_balance (account_id, currency, version, open, unapplied, balance)"
            " VALUES (:odd, 'XXX', 1, 5, 0, 5), (:other, 'GBP', 1, 5, 0, 5)"
        ),
        {"odd": odd, "other": other},
    )
    office.pass_days(1)

    assert _listed(office) == {other}
    [(account_id, _, reason)] = _parked(office)
    assert (account_id, "XXX" in reason) == (odd, True)


def test_what_was_parked_is_reviewed_again_on_the_next_day(office: Any) -> None:
    odd, other = _two(office)
    office.pass_days(7)
    _refuse(office, odd, ToldReason)
    office.pass_days(1)
    office.session.execute(text("DROP TRIGGER refuse ON told_reason"))
    office.pass_days(1)

    assert _listed(office) == {odd, other}
    assert len(_parked(office)) == 1
