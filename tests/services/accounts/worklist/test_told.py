"""Any service announces any reason to contact an account in one form, and many of them cost no more
statements than one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from kernel.refusals import NotFound
from services.accounts import subscriptions
from services.accounts.worklist.models import WorklistItem, WorklistReason

pytestmark = pytest.mark.server


@pytest.fixture
def account(office) -> dict[str, Any]:
    account: dict[str, Any] = office.active_account()
    return account


def due(account: dict[str, Any], version: int = 1, **values: Any) -> dict[str, Any]:
    facts = {"reason": "parts_due", "about": "prd_1", "since": "2026-01-05", "version": version}
    facts |= {"account_id": account["account_id"], "amount": None, "currency": None}
    facts |= {"sentence": "They have 9 of 10 licences in use.", "roles": [], "channel": None}
    return facts | {"earliest": None} | values


def settled(account: dict[str, Any], version: int = 2) -> dict[str, Any]:
    facts = {"reason": "parts_due", "about": "prd_1", "version": version, "currency": None}
    return facts | {"account_id": account["account_id"]}


def hear_all(office, *told: dict[str, Any]) -> None:
    """Have sales' handler take all at once."""
    loaded = []
    for one in told:
        name = "contact_due" if "since" in one else "contact_settled"
        [wanted] = [each for each in subscriptions.SALES_CONTACTS if each.name == name]
        loaded.append(wanted().load(one))
    office.keep_sales_reasons(office.session, loaded)
    office.session.flush()
    office.session.expire_all()


def lines(office, account, **values: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = office.do("get_worklist", staff_id=account["owner_id"], **values)[
        "items"
    ]
    return items


@pytest.mark.parametrize("source", ["billing", "collections", "sales"])
def test_a_reason_that_accounts_has_never_heard_of_is_shown_in_its_announcers_words(
    office, account, source: str
) -> None:
    office.hear(source, "contact_due", **due(account))
    [line] = lines(office, account)
    [reason] = line["reasons"]
    assert (reason["kind"], reason["about"], reason["sentence"]) == (
        "parts_due",
        "prd_1",
        "They have 9 of 10 licences in use.",
    )
    assert line["parts"][0] == {"what": "parts due", "points": 30}
    office.hear(source, "contact_settled", **settled(account))
    assert lines(office, account) == []
    office.hear(source, "contact_due", **due(account))
    assert lines(office, account) == [], "it comes late"


def test_who_is_spoken_to_and_how_is_the_announcers_to_say(office, account) -> None:
    for name, role in (("Pia Payer", "payer"), ("Sam Shipper", "shipping")):
        contact = {"name": name, "roles": [role], "phone": "+49301234567"}
        office.do("add_contact", account_id=account["account_id"], **contact)
    office.hear("sales", "contact_due", **due(account))
    [line] = lines(office, account)
    assert (line["contact"]["name"], line["channel"]) == ("Pia Payer", "email")
    differently = {"roles": ["warehouse", "shipping"], "channel": "phone"}
    office.hear("sales", "contact_due", **due(account, 2, **differently))
    [line] = lines(office, account)
    assert (line["contact"]["name"], line["channel"]) == ("Sam Shipper", "phone")


def test_nobody_is_contacted_earlier_than_the_announcer_says(office, account) -> None:
    office.hear("sales", "contact_due", **due(account, earliest="2026-01-07T10:30:00Z"))
    assert lines(office, account) == []
    assert lines(office, account, as_of="2026-01-06") == []
    office.pass_days(2)
    [line] = lines(office, account)
    assert line["contact_from"] == "2026-01-07T10:30:00+00:00"
    office.hear("sales", "contact_due", **due(account, 2, earliest="2026-01-07T17:30:00Z"))
    [line] = lines(office, account)
    assert line["contact_from"] == "2026-01-08T09:00:00+00:00", "their office is closed by then"


def test_what_was_told_before_the_general_form_is_about_its_currency(office, account) -> None:
    old = {"reason": "overdue", "currency": "EUR", "account_id": account["account_id"]}
    debt = {"amount": 100, "oldest_due_date": "2025-12-31", "since": "2026-01-02"}
    office.hear("collections", "contact_due", version=1, **old, **debt)
    [line] = lines(office, account)
    assert [one["sentence"] for one in line["reasons"]] == [
        "1.00 EUR is overdue; the oldest of it was due on 2025-12-31."
    ]
    office.hear("collections", "contact_settled", version=2, about="EUR", **old)
    assert lines(office, account) == []


WORDS = st.lists(
    st.tuples(st.booleans(), st.sampled_from(["2026-01-02", "2026-01-03"])), min_size=1, max_size=6
)


@given(words=WORDS, data=st.data(), rest=st.booleans())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_at_once_leave_what_one_by_one_leave(office, words, data, rest: bool) -> None:
    accounts = [office.account() for _ in range(2)]

    def told(account: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            due(account, version, since=since) if is_due else settled(account, version)
            for version, (is_due, since) in enumerate(words, start=2)
        ]

    for account in accounts:
        hear_all(office, due(account, since="2026-01-02"))
        if rest:
            [line] = lines(office, account)
            item = {"worklist_item_id": line["worklist_item_id"]}
            office.do("finish_worklist_item", **item, outcome="will_pay")
    one_by_one, at_once = map(told, accounts)
    for each in one_by_one:
        hear_all(office, each)
    hear_all(office, *data.draw(st.permutations(at_once)))
    assert _left(office, accounts[0]) == _left(office, accounts[1])


def _left(office, account: dict[str, Any]) -> Any:
    office.session.expire_all()
    of_account = WorklistReason.account_id == account["account_id"]
    reason = office.session.scalars(select(WorklistReason).where(of_account)).one()
    is_listed = bool(lines(office, account))
    rests = reason.rests_until if reason.is_standing else None
    return (
        reason.version,
        reason.is_standing,
        reason.is_standing and reason.since_on,
        rests,
        is_listed,
    )


def test_a_reason_about_an_account_that_nobody_opened_is_refused(office, account) -> None:
    unknown = {"account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"}
    with pytest.raises(NotFound, match=unknown["account_id"]):
        hear_all(office, due(account), due(unknown))


def test_fifty_reasons_cost_as_many_statements_as_one(office) -> None:
    owner_id = office.staff()["staff_id"]
    accounts = [office.account(owner_id=owner_id) for _ in range(50)]
    with _counted(office) as of_one:
        hear_all(office, due(accounts[0]))
    with _counted(office) as of_many:
        hear_all(office, *map(due, accounts))
    assert len(of_many) == len(of_one)
    with _counted(office) as of_changes:
        hear_all(office, *(due(account, 2) for account in accounts))
    assert len(of_changes) < len(of_one)
    with _counted(office) as of_ends:
        hear_all(office, *(settled(account, 3) for account in accounts))
    assert len(of_ends) == len(of_one)


@contextmanager
def _counted(office) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            statements.append(statement)

    engine = office.session.get_bind()
    event.listen(engine, "before_cursor_execute", count)
    yield statements
    event.remove(engine, "before_cursor_execute", count)


def test_one_that_is_snoozed_is_woken_by_a_new_reason_among_many(office, account) -> None:
    hear_all(office, due(account))
    [line] = lines(office, account)
    item = {"worklist_item_id": line["worklist_item_id"]}
    until = (office.clock.today() + timedelta(days=30)).isoformat()
    office.do("snooze_worklist_item", **item, until=until)
    hear_all(office, due(account, 2))
    assert lines(office, account) == []
    hear_all(office, due(account, 3), due(account, about="prd_2"))
    [line] = lines(office, account)
    assert office.session.get(WorklistItem, item["worklist_item_id"]).version == line["version"]
