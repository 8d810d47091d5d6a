"""Families, leads and who knows an account: what holds for one caller holds for many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.accounts.accounts.models import Account
from services.accounts.reasons.models import ToldReason
from services.sales.events import LeadConverted

pytestmark = pytest.mark.server

PROFILE = {"name": "Acme Trading Ltd", "country": "GB", "currency": "GBP", "language": "en"}
PROFILE |= {"time_zone": "Europe/London", "net_days": 30, "credit_limit": None}
PROFILE |= {"email": "hello@acme.example"}


def count(engine: Engine, *criteria: Any) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).where(*criteria)) or 0


def test_two_changes_do_not_close_a_circle_of_parents_together(engine: Engine, at_once) -> None:
    def put(child: str, parent: str) -> Callable[[Any], Any]:
        edge = {"account_id": child, "parent_id": parent, "payer": "parent"}
        return lambda office: office.do("set_parent", **edge)["payer_id"]

    for _ in range(5):
        [one], [two], [three] = (
            at_once(lambda office: office.account()["account_id"]) for _ in range(3)
        )
        answers = at_once(put(one, two), put(two, three), put(three, one))
        assert sorted(answers)[-1] == "parent_circle"
        assert answers.count("parent_circle") == 1
        made = Account.account_id.in_([one, two, three])
        assert count(engine, made, Account.parent_id.is_not(None)) == 2
        with Session(engine) as session:
            payers = session.scalars(select(Account).where(made)).all()
        assert len({account.payer_id for account in payers}) == 1


def test_a_parent_is_closed_or_gets_a_child_but_not_both(engine: Engine, at_once) -> None:
    for _ in range(5):
        [[parent], [child]] = [
            at_once(lambda office: office.account()["account_id"]) for _ in range(2)
        ]
        edge = {"account_id": child, "parent_id": parent, "payer": "child"}
        at_once(
            lambda office, parent=parent: office.do(
                "close_account", account_id=parent, reason="Moved abroad."
            )["status"],
            lambda office, edge=edge: office.do("set_parent", **edge)["parent_id"],
        )
        is_closing = count(engine, Account.account_id == parent, Account.status == "closing")
        assert is_closing + count(engine, Account.parent_id == parent) == 1


def test_of_many_who_convert_one_lead_one_opens_its_account(engine: Engine, at_once) -> None:
    for _ in range(5):
        [owner] = at_once(lambda office: office.staff()["staff_id"])
        lead = LeadConverted.example | {
            "lead_id": new_id("led"),
            "owner_id": owner,
            "tax_id": None,
        }
        at_once(*[lambda office, lead=lead: office.hear("sales", "lead_converted", **lead)] * 4)
        assert count(engine, Account.lead_id == lead["lead_id"]) == 1


def test_answers_that_come_at_once_leave_nobody_waited_for(engine: Engine, at_once) -> None:
    def knows(service: str, account_id: str) -> Callable[[Any], None]:
        facts = {"account_id": account_id, "account_version": 1, "known_by": service}
        return lambda office: office.hear(service, "account_known", **facts)

    for _ in range(5):
        [owner] = at_once(lambda office: office.staff()["staff_id"])
        sent = {**PROFILE, "owner_id": owner}
        [account_id] = at_once(
            lambda office, sent=sent: office.do("open_account", **sent)["account_id"]
        )
        at_once(
            lambda office, of=account_id: office.ask_who_knows(office.session, account_id=of),
            knows("billing", account_id),
            knows("sales", account_id),
        )
        of_account = ToldReason.account_id == account_id
        assert count(engine, of_account, ToldReason.is_standing) == 0
