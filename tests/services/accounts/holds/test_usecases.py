"""A document that expired holds the account where there is no business without it; what a person held
stays held."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kernel.callers import Caller
from kernel.refusals import Conflict

pytestmark = pytest.mark.server

LAST = date(2026, 3, 31)
COLLEAGUE = Caller("stf_colleague", frozenset({"*"}))


def day(month: int, of_month: int, hour: int = 9) -> datetime:
    return datetime(2026, month, of_month, hour, tzinfo=UTC)


class Licence:
    """An active account without whose licence there is no business; it is good until 31 March."""

    def __init__(self, office: Any) -> None:
        self.office = office
        office.do("add_requirement", name="Licence", needs_expiry=True, holds_business=True)
        self.account_id = office.onboarding_account()["account_id"]
        office.settle_checklist(self.account_id)
        items = office.do("list_checklist_items", account_id=self.account_id)["items"]
        [self.item_id] = [one["checklist_item_id"] for one in items if one["name"] == "Licence"]
        self.renew(LAST)
        office.do("activate_account", account_id=self.account_id)
        office.announced()

    def renew(self, last: date) -> None:
        named = {"checklist_item_id": self.item_id}
        self.office.do("complete_checklist_item", **named, expires_on=last.isoformat())

    def waive(self) -> None:
        caller, self.office.caller = self.office.caller, COLLEAGUE
        excused = {"checklist_item_id": self.item_id, "reason": "Not needed any more."}
        self.office.do("waive_checklist_item", **excused)
        self.office.caller = caller

    def close(self) -> None:
        self.office.close(self.account_id)

    @property
    def status(self) -> str:
        return str(self.office.do("get_account", account_id=self.account_id)["status"])

    def told(self) -> list[tuple[str, str | None]]:
        """What was told of the licence since this was last asked: since when there is reason."""
        announced = self.office.session.info.pop("announced", [])
        return [
            (event.name, data.get("since"))
            for event, data, _ in announced
            if data.get("about") == self.item_id
        ]


@pytest.fixture
def licence(office) -> Licence:
    return Licence(office)


def test_it_is_asked_for_in_time_and_holds_the_account_from_the_day_after(
    office, licence: Licence
) -> None:
    office.pass_until(day(3, 1, hour=5))
    assert licence.told() == []
    office.pass_until(day(3, 1))
    assert licence.told() == [("contact_due", "2026-03-01")]
    office.pass_until(day(3, 24))
    assert licence.told() == [("contact_due", "2026-03-24")]
    office.pass_until(day(4, 1, hour=5))
    assert (licence.status, licence.told()) == ("active", [])
    office.pass_until(day(4, 1))
    assert licence.told() == [("contact_due", "2026-04-01")]
    assert licence.status == "on_hold"
    [*_, last] = office.do("list_states", account_id=licence.account_id)["items"]
    assert last["reason"] == "Licence expired on 2026-03-31."
    licence.renew(date(2027, 3, 31))
    assert licence.told() == [("contact_settled", None)]
    assert licence.status == "active"
    office.pass_until(day(12, 31))
    assert licence.told() == []


def test_renewed_in_time_it_is_asked_for_again_in_its_time(office, licence: Licence) -> None:
    office.pass_until(day(3, 2))
    licence.renew(date(2026, 6, 30))
    assert licence.told() == [("contact_due", "2026-03-01"), ("contact_settled", None)]
    office.pass_until(day(5, 31))
    assert licence.told() == [("contact_due", "2026-05-31")]
    assert licence.status == "active"


def test_one_that_is_about_to_expire_when_it_comes_is_asked_for_at_once(
    office, licence: Licence
) -> None:
    licence.renew(date(2026, 1, 10))
    assert licence.told() == [("contact_due", "2026-01-03")]
    office.pass_until(day(1, 11))
    assert licence.status == "on_hold"


def test_one_that_is_waived_holds_nothing(office, licence: Licence) -> None:
    office.pass_until(day(4, 1))
    licence.waive()
    assert licence.status == "active"
    assert licence.told()[-1] == ("contact_settled", None)


def test_without_the_flag_it_is_asked_for_and_holds_nothing(office) -> None:
    account_id = office.active_account()["account_id"]
    [item, *_] = office.do("list_checklist_items", account_id=account_id)["items"]
    named = {"checklist_item_id": item["checklist_item_id"]}
    office.do("complete_checklist_item", **named, expires_on="2026-03-31")
    office.pass_until(day(4, 2))
    assert office.do("get_account", account_id=account_id)["status"] == "active"


def hold(office, licence: Licence) -> None:
    office.do("hold_account", account_id=licence.account_id, reason="Fraud suspected.")


@pytest.mark.parametrize("held_on", [day(3, 31), day(4, 2)])
def test_what_a_person_held_stays_on_hold(office, licence: Licence, held_on: datetime) -> None:
    office.pass_until(held_on)
    hold(office, licence)
    office.pass_until(day(4, 3))
    licence.renew(date(2027, 3, 31))
    assert licence.status == "on_hold"
    office.do("release_account", account_id=licence.account_id)
    assert licence.status == "active"


def test_it_is_held_by_a_person_once(office, licence: Licence) -> None:
    hold(office, licence)
    with pytest.raises(Conflict) as refused:
        hold(office, licence)
    assert refused.value.code == "wrong_status"
    office.do("release_account", account_id=licence.account_id)
    hold(office, licence)


@pytest.mark.parametrize("is_held_by_person", [True, False])
def test_nobody_releases_what_a_document_holds(
    office, licence: Licence, is_held_by_person: bool
) -> None:
    office.pass_until(day(4, 1))
    if is_held_by_person:
        hold(office, licence)
    with pytest.raises(Conflict, match="Licence") as refused:
        office.do("release_account", account_id=licence.account_id)
    assert refused.value.code == "document_expired"
    licence.renew(date(2027, 3, 31))
    assert licence.status == ("on_hold" if is_held_by_person else "active")


def test_one_that_expires_while_the_account_is_closing_holds_it_when_it_comes_back(
    office, licence: Licence
) -> None:
    path = {"account_id": licence.account_id}
    office.do("close_account", **path, reason="Moved abroad.")
    office.pass_until(day(4, 1))
    assert licence.status == "closing"
    office.do("withdraw_closing", **path)
    assert licence.status == "on_hold"
    closing = office.do("close_account", **path, reason="Moved abroad.")
    licence.renew(date(2027, 3, 31))
    office.answer(closing, "billing", "50.00 GBP is still owed.")
    assert licence.status == "active"


def test_nobody_asks_who_is_gone_for_documents_until_they_come_back(
    office, licence: Licence
) -> None:
    office.pass_until(day(3, 1))
    office.announced()
    licence.close()
    assert licence.told() == [("contact_settled", None)]
    office.pass_until(day(5, 1))
    assert (licence.status, licence.told()) == ("closed", [])
    office.do("reopen_account", account_id=licence.account_id, reason="Came back.")
    assert licence.told() == [("contact_due", "2026-04-01")]
    assert licence.status == "onboarding"
