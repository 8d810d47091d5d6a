"""What else is known of a client: whether bills need an order number, who gets them, when somebody is
there; and that its tax id is one."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError
from sqlalchemy import update

from kernel.refusals import Invalid
from services.accounts.accounts.models import Account

pytestmark = pytest.mark.server


def open_(weekday: str, opens: str, closes: str) -> dict[str, Any]:
    return {"weekday": weekday, "opens": opens, "closes": closes}


MORNING, AFTERNOON = open_("monday", "08:00", "12:00"), open_("monday", "13:00", "00:00")


@pytest.fixture
def account(office) -> dict[str, Any]:
    account: dict[str, Any] = office.account()
    office.announced()
    return account


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"order_number_required": True}, {"order_number_required": True}),
        (
            {"invoice_recipients": ["payer", "decision_maker", "payer"]},
            {"invoice_recipients": ["decision_maker", "payer"]},
        ),
        (
            {"opening_hours": [open_("saturday", "09:00", "12:00"), AFTERNOON, MORNING]},
            {"opening_hours": [MORNING, AFTERNOON, open_("saturday", "09:00", "12:00")]},
        ),
    ],
)
def test_a_fact_is_kept_in_order_and_told_with_the_account_from_then_on(
    office, account: dict[str, Any], sent: dict[str, Any], kept: dict[str, Any]
) -> None:
    path = {"account_id": account["account_id"]}
    assert office.do("edit_account", **path, **sent) == account | kept | {"version": 2}
    [(event, told, _)] = office.session.info.pop("announced")
    assert (event.name, told["changed"]) == ("account_edited", [*kept])
    assert told == told | kept
    office.do("edit_account", **path, **sent)
    assert office.announced() == []  # it is so already
    office.do("edit_account", **path, tier="key")
    [(_, told, _)] = office.session.info.pop("announced")
    assert told == told | kept


def test_what_was_never_said_is_what_most_want(account: dict[str, Any]) -> None:
    unsaid = {"order_number_required": False, "invoice_recipients": [], "opening_hours": None}
    assert account == account | unsaid


def test_hours_are_forgotten_again(office, account: dict[str, Any]) -> None:
    path = {"account_id": account["account_id"]}
    office.do("edit_account", **path, opening_hours=[MORNING])
    assert office.do("edit_account", **path, opening_hours=None)["opening_hours"] is None


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"order_number_required": "yes"}, "order_number_required"),
        ({"invoice_recipients": ["boss"]}, "invoice_recipients"),
        ({"invoice_recipients": None}, "invoice_recipients"),
        ({"opening_hours": []}, "opening_hours"),
        ({"opening_hours": [open_("someday", "09:00", "17:00")]}, "opening_hours"),
        ({"opening_hours": [open_("monday", "9:00", "17:00")]}, "opening_hours"),
        ({"opening_hours": [open_("monday", "09:00", "24:00")]}, "opening_hours"),
    ],
)
def test_what_is_none_is_refused_by_its_field(
    office, account: dict[str, Any], sent: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        office.do("edit_account", account_id=account["account_id"], **sent)
    assert [*refused.value.normalized_messages()] == [field]


def test_a_tax_id_that_is_none_is_refused_when_it_is_said(office, account: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="GB 980 7806 84") as refused:
        office.account(name="Other", tax_id="GB 123")
    assert refused.value.code == "tax_id_form"
    with pytest.raises(Invalid):
        office.do("edit_account", account_id=account["account_id"], tax_id="GB 123")


def test_one_that_was_taken_before_there_were_rules_stays(office, account: dict[str, Any]) -> None:
    path = {"account_id": account["account_id"]}
    office.session.execute(update(Account).values(tax_id="GB 123"))
    office.session.expire_all()
    edited = office.do("edit_account", **path, name="Acme", tax_id="GB 123", country="IE")
    assert (edited["name"], edited["tax_id"]) == ("Acme", "GB 123")
