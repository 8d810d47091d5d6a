"""A run makes and sends each statement once, has a person see to what it cannot, and stops for none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from kernel.refusals import Conflict, Unavailable
from services.billing.documents import usecases as documents
from services.billing.documents.models import Document
from services.billing.statement_runs import events, usecases
from services.billing.statement_runs.models import StatementRun
from services.billing.statement_runs.rules import CHUNK
from stationery.mail.messages import RefusedForGood
from tests.services.billing.offices import text_of
from tests.services.billing.statement_runs.stating import LAST, Stating

pytestmark = pytest.mark.server


@pytest.fixture
def stating(books: Any, monkeypatch: pytest.MonkeyPatch) -> Stating:
    return Stating(books, monkeypatch)


def test_statements_go_by_e_mail_to_who_gets_the_invoices_or_wait_to_be_printed(
    stating: Stating,
) -> None:
    books, mine = stating.books, stating.office.account_id
    own, by_post = stating.open(), stating.open(preferred_channel="post")
    for account_id in (mine, own, by_post):
        books.bill(account_id, 12_345)
    books.wait(40)
    run_id = stating.plan()
    stating.go_on(run_id)
    assert stating.standing(run_id) == {
        mine: ("asked", None),
        own: ("asked", None),
        by_post: ("to_print", None),
    }
    stating.send()
    assert {message["To"] for message in stating.mail} == {
        "ann@brown.example",
        "own@client.example",
    }
    assert len(stating.mail) == 2
    [enclosed] = stating.mail[0].iter_attachments()
    assert "123.45 EUR" in text_of(enclosed.get_content())
    assert "Copy" not in str(stating.mail[0]["Subject"])
    told = stating.decide(_print, run_id, by_post)
    assert (told.status, told.closing, told.opening) == ("printed", 12_345, 0)
    assert {one["status"] for one in stating.told(events.StatementSent)} == {"sent", "printed"}
    [ended] = stating.told(events.StatementRunCompleted)
    assert (ended["statements"], ended["left"], ended["parked"]) == (3, 0, 0)


def _print(session: Any, *, reason: str, by: str, **named: Any) -> Any:
    return usecases.mark_printed(session, **named)


def test_documents_are_kept_with_their_hash_as_they_were_sent(stating: Stating) -> None:
    stating.books.bill(stating.office.account_id, 100)
    stating.books.wait(40)
    run_id = stating.plan()
    stating.go_on(run_id)
    [one] = stating.statements(run_id).values()
    document = stating.session.get_one(Document, one.document_id)
    assert (document.kind, document.number) == ("statement", "A-1-2026-03-31-EUR")
    stating.send()
    [enclosed] = stating.mail[0].iter_attachments()
    assert enclosed.get_content() == document.pdf
    copy = stating.office.ask(document)
    stating.office.send(copy)
    assert "Copy" in stating.mail[1]["Subject"]


@pytest.mark.parametrize(
    ("which", "chosen"),
    [
        ("open", {"owes", "owed before"}),
        ("moved", {"owes", "paid"}),
        ("active", {"owes", "paid", "owed before"}),
        ("all", {"owes", "paid", "owed before", "long ago"}),
    ],
)
def test_whom_it_chooses(stating: Stating, which: str, chosen: set[str]) -> None:
    books = stating.books
    names = ("owes", "paid", "owed before", "long ago", "never")
    accounts = {name: stating.open() for name in names}
    books.today = date(2026, 1, 5)
    for name in ("paid", "owed before", "long ago"):
        books.bill(accounts[name], 100)
    books.pay(accounts["long ago"], 100)
    books.today = date(2026, 3, 5)
    books.bill(accounts["owes"], 100)
    books.pay(accounts["paid"], 100)
    books.today = date(2026, 4, 1)
    run_id = stating.plan(which=which)
    named = {account_id: name for name, account_id in accounts.items()}
    assert {named[account_id] for account_id in stating.statements(run_id)} == chosen


def test_the_same_days_are_stated_once_by_whatever_run(stating: Stating) -> None:
    books, mine = stating.books, stating.office.account_id
    books.bill(mine, 100)
    books.wait(40)
    first = stating.plan()
    stating.go_on(first)
    stating.go_on(first)
    stating.send()
    with pytest.raises(Conflict, match="again"):
        stating.plan()
    other = stating.open()
    books.bill(other, 50, issued_on=LAST)
    assert stating.statements(stating.plan()).keys() == {other}
    again = stating.plan(is_again=True)
    assert stating.statements(again).keys() == {mine, other}
    assert len(stating.mail) == 1


def test_another_months_statement_is_another_one(stating: Stating) -> None:
    stating.books.bill(stating.office.account_id, 100)
    stating.books.wait(70)
    for first, last in ((date(2026, 3, 1), LAST), (date(2026, 4, 1), date(2026, 4, 30))):
        run_id = stating.plan(first_day=first, last_day=last)
        [one] = stating.statements(run_id).values()
        stating.go_on(run_id)
        assert one.closing == 100


def test_what_was_recorded_after_it_was_planned_does_not_stand_on_it(stating: Stating) -> None:
    books, mine = stating.books, stating.office.account_id
    books.bill(mine, 100)
    books.wait(40)
    run_id = stating.plan()
    books.wait(1)
    books.pay(mine, 60, value_date=LAST)
    stating.go_on(run_id)
    assert stating.statements(run_id)[mine].closing == 100


def test_without_an_address_it_is_parked_and_goes_out_when_there_is_one(stating: Stating) -> None:
    lost = stating.open(email=None, addresses=[])
    stating.books.bill(lost, 100)
    stating.books.wait(40)
    run_id = stating.plan()
    stating.go_on(run_id)
    assert stating.standing(run_id) == {lost: ("parked", "no_address")}
    [ended] = stating.told(events.StatementRunCompleted)
    assert ended["parked"] == 1
    today = {"today": stating.books.today}
    still = stating.decide(usecases.retry_statement, run_id, lost, **today)
    assert (still.status, still.reason, still.decided_reason) == ("parked", "no_address", "Looked.")
    stating.add_contact(lost, "pat@client.example")
    again = stating.decide(usecases.retry_statement, run_id, lost, **today)
    assert (again.status, again.recipient) == ("asked", "pat@client.example")
    with pytest.raises(Conflict, match="asked"):
        stating.decide(usecases.skip_statement, run_id, lost)


def test_what_is_skipped_may_be_stated_by_another_run(stating: Stating) -> None:
    lost = stating.open(email=None, addresses=[])
    stating.books.bill(lost, 100)
    stating.books.wait(40)
    run_id = stating.plan()
    stating.go_on(run_id)
    skipped = stating.decide(usecases.skip_statement, run_id, lost)
    assert (skipped.status, skipped.reason) == ("skipped", "by_hand")
    assert stating.statements(stating.plan()).keys() == {lost}


def test_whom_nobody_told_of_is_parked_and_stops_no_other(stating: Stating) -> None:
    stranger = stating.books.open_account()
    stating.accounts.append(stranger)
    for account_id in stating.accounts:
        stating.books.bill(account_id, 100)
    stating.books.wait(40)
    run_id = stating.plan()
    stating.go_on(run_id)
    assert stating.standing(run_id) == {
        stating.office.account_id: ("asked", None),
        stranger: ("parked", "account_unknown"),
    }


def test_one_that_cannot_be_made_is_parked_and_stops_no_other(
    stating: Stating, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = stating.open()
    for account_id in stating.accounts:
        stating.books.bill(account_id, 100)
    stating.books.wait(40)
    run_id = stating.plan()
    make = usecases.keep_document

    def fail_for_one(*given: Any, **facts: Any) -> Any:
        if facts["account_id"] == odd:
            raise Conflict("no_ink", "There is no ink.")
        return make(*given, **facts)

    monkeypatch.setattr(usecases, "keep_document", fail_for_one)
    stating.go_on(run_id)
    one = stating.statements(run_id)[odd]
    assert (one.status, one.reason, one.document_id) == ("parked", "refused", None)
    assert one.detail is not None and "There is no ink" in one.detail
    assert stating.standing(run_id)[stating.office.account_id] == ("asked", None)
    assert len(stating.told(events.StatementAsked)) == 1


def test_an_address_that_takes_no_mail_is_parked_and_a_server_that_is_away_is_waited_for(
    stating: Stating, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = stating.office.account_id
    stating.books.bill(mine, 100)
    stating.books.wait(40)
    run_id = stating.plan()
    stating.go_on(run_id)

    def fail_with(error: Exception) -> None:
        def fail(_mail: Any) -> None:
            raise error

        monkeypatch.setattr(documents, "send_mail", fail)

    fail_with(Unavailable("mail_server_away", "Away."))
    with pytest.raises(Unavailable):
        stating.send()
    assert stating.standing(run_id) == {mine: ("asked", None)}
    fail_with(RefusedForGood("No such box."))
    stating.send()
    one = stating.statements(run_id)[mine]
    assert (one.status, one.reason, one.detail) == ("parked", "mail_refused", "No such box.")
    document_id = one.document_id
    again = stating.decide(usecases.retry_statement, run_id, mine, today=stating.books.today)
    assert (again.status, again.document_id) == ("asked", document_id)


def test_a_run_goes_through_many_in_chunks_and_says_how_far_it_is(stating: Stating) -> None:
    for _ in range(CHUNK):
        stating.books.bill(stating.open(), 100)
    stating.books.bill(stating.office.account_id, 100)
    stating.books.wait(40)
    run_id = stating.plan()
    assert stating.go_on(run_id) == 2
    [progress] = stating.told(events.StatementRunProgressed)
    assert (progress["statements"], progress["left"]) == (CHUNK + 1, 1)
    ids = select(Document.account_id).where(Document.kind == "statement")
    assert sorted(stating.session.scalars(ids)) == sorted(stating.accounts)


@pytest.mark.parametrize("count", [2, 40])
def test_many_are_made_in_as_few_statements_as_few(
    books: Any, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    stating = Stating(books, monkeypatch)
    for _ in range(count):
        books.bill(stating.open(), 100)
    books.wait(40)
    run_id = stating.plan()
    stating.session.flush()
    with books.counted() as statements:
        usecases.go_on(stating.session, statement_run_id=run_id, today=books.today, now=books.now)
    assert len(statements) <= 20, statements


def test_a_cancelled_run_makes_no_more(stating: Stating) -> None:
    mine = stating.office.account_id
    stating.books.bill(mine, 100)
    stating.books.wait(40)
    run_id = stating.plan()
    named = {"statement_run_id": run_id, "reason": "Wrong month.", "now": stating.books.now}
    assert usecases.cancel_run(stating.session, **named)["status"] == "cancelled"
    moment = {"today": stating.books.today, "now": stating.books.now}
    usecases.go_on(stating.session, statement_run_id=run_id, **moment)
    stating.session.expire_all()
    assert stating.standing(run_id) == {mine: ("skipped", "by_hand")}
    assert stating.statements(stating.plan()).keys() == {mine}
    with pytest.raises(Conflict):
        usecases.cancel_run(stating.session, **named)


def test_a_parent_gets_all_in_one_where_that_is_agreed(stating: Stating) -> None:
    books, parent = stating.books, stating.office.account_id
    child = stating.open(parent_id=parent, number="A-2")
    stating.office.tell(account_id=child, number="A-2", name="Brown North")
    books.agree(parent, statements="in_one")
    books.bill(child, 12_345)
    books.wait(40)
    run_id = stating.plan(accounts=[parent])
    stating.go_on(run_id)
    [one] = stating.statements(run_id).values()
    assert (one.account_id, one.account_ids, one.closing) == (parent, [parent, child], 12_345)
    stating.send()
    [message] = stating.mail
    [enclosed] = message.iter_attachments()
    text = text_of(enclosed.get_content())
    assert "A-2 · Brown North" in text and "123.45 EUR" in text
    assert stating.standing(stating.plan(accounts=[child])) == {child: ("pending", None)}


def test_on_the_statement_day_the_month_before_is_stated_and_once(stating: Stating) -> None:
    books, mine = stating.books, stating.office.account_id
    books.agree(mine, statement_day=31)
    books.bill(mine, 100)
    for day in (date(2026, 4, 29), date(2026, 4, 30), date(2026, 4, 30)):
        books.today = day
        usecases.plan_runs_of_day(stating.session, day=day, now=books.now, by="billing")
    runs = stating.session.scalars(
        select(StatementRun).where(StatementRun.statement_day == 31, StatementRun.is_automatic)
    ).all()
    assert [(run.first_day, run.last_day) for run in runs] == [
        (date(2026, 3, 31), date(2026, 4, 29))
    ]
    stating.go_on(runs[0].statement_run_id)
    assert stating.standing(runs[0].statement_run_id) == {mine: ("asked", None)}
