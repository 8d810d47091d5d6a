"""Claims about sending notices, against a database; the mail server is made up."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import Message
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.event import listen

from kernel.refusals import Conflict
from services.collections import events
from services.collections.accounts.usecases import keep_accounts
from services.collections.company.usecases import keep_company
from services.collections.dunning.models import Notice, NoticeItem
from services.collections.dunning.rules import Reason
from services.collections.dunning.usecases import cancel_run
from services.collections.notices import queries, usecases
from services.collections.planning.usecases import run_dunning_for_day
from services.collections.runs.rules import NoticeStatus
from stationery.mail.messages import Mail, RefusedForGood

pytestmark = pytest.mark.server

DUE = date(2026, 1, 31)
LOGO = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
COMPANY = {
    "company_id": "cmp_01jd3v4q6ye8z9t5k2m7n0p1xg",
    "version": 1,
    "legal_name": "Steward Trading GmbH",
    "country": "DE",
    "bank_accounts": [{"iban": "DE89370400440532013000", "bic": None, "currency": None}],
    "email_from": "us@steward.example",
    "logo_file_id": None,
    "logo": None,
}
FIFTH = DUE + timedelta(days=5)


@pytest.fixture
def outgoing(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """The mail that left; it lies outside the system."""
    messages: list[Message] = []

    def take(mail: Mail) -> None:
        messages.append(message_from_bytes(mail.content, policy=policy.default))

    monkeypatch.setattr(usecases, "send_mail", take)
    return messages


def _refuse(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(_mail: Mail) -> None:
        raise error

    monkeypatch.setattr(usecases, "send_mail", refuse)


def _notices(business: Any, account_id: str) -> list[Notice]:
    return list(
        business.session.scalars(
            select(Notice).where(Notice.account_id == account_id).order_by(Notice.notice_id)
        )
    )


def _item_of(business: Any, notice: Notice) -> NoticeItem:
    item: NoticeItem = business.session.scalars(
        select(NoticeItem).where(NoticeItem.notice_id == notice.notice_id)
    ).one()
    return item


def test_a_letter_goes_to_the_billing_address_and_is_from_the_company(
    business: Any, outgoing: list[Message]
) -> None:
    address = {"kind": "billing", "recipient": None, "lines": ["1 Quay", "DUBLIN"]}
    address |= {"country": "IE", "country_name": "IRELAND"}
    address |= {"valid_from": "2026-01-01", "valid_to": None}
    seat = {"kind": "legal", "lines": ["Kai 1", "20457 HAMBURG"], "country": "DE"}
    account_id = business.open_account(preferred_channel="email", addresses=[address])
    keep_company(business.session, [COMPANY | {"addresses": [seat]}])
    business.issue(account_id, due=DUE, amount=123_456)
    business.morning(FIFTH)

    [notice] = _notices(business, account_id)
    letter = queries.get_letter(business.session, notice_id=notice.notice_id)
    assert letter.recipient == ["Brown & Sons", "1 Quay", "DUBLIN", "IRELAND"]
    assert (letter.sender, letter.sender_address) == ("Steward Trading GmbH", seat["lines"])
    assert letter.bank == "IBAN DE89 3704 0044 0532 0130 00"
    [message] = outgoing
    assert message["From"] == "Steward Trading GmbH <us@steward.example>"


@pytest.mark.parametrize("channel", ["email", "post"])
def test_sending_writes_the_notice_once(
    business: Any, outgoing: list[Message], channel: str
) -> None:
    """Written twice, it would hold its run, which others that send of it wait for as well."""
    account_id = business.open_account(preferred_channel=channel)
    logo = {"logo_file_id": "fil_1", "logo": LOGO, "addresses": []}
    keep_company(business.session, [COMPANY | logo])
    business.issue(account_id, due=DUE, amount=123_456)
    asked: list[str] = []
    connection = business.session.connection()
    listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
    business.morning(FIFTH)

    assert len(outgoing) == (channel == "email")
    written = [sql for sql in asked if sql.startswith("UPDATE dunning_notice SET")]
    assert len([sql for sql in written if "dunning_notice.notice_id =" in sql]) == 1, written


def test_a_notice_by_e_mail_says_what_is_kept_as_its_letter(
    business: Any, outgoing: list[Message]
) -> None:
    account_id = business.open_account(preferred_channel="email", language="de")
    business.issue(account_id, due=DUE, amount=123_456)
    business.morning(FIFTH)

    [message] = outgoing
    [notice] = _notices(business, account_id)
    assert message["Message-ID"].startswith(f"<{notice.notice_id}@")
    assert message["To"] == "Brown & Sons <accounts@brown.example>"
    assert message["Subject"] == notice.subject == "Zahlungserinnerung: 1.234,56 EUR überfällig"
    body, pdf = message.iter_parts()
    assert body.get_content().splitlines() == notice.text.splitlines()
    drawn = usecases.draw_notice(business.session, notice_id=notice.notice_id)
    assert pdf.get_content() == drawn
    assert (notice.channel, notice.recipient) == ("email", "accounts@brown.example")


def test_the_same_notice_is_never_sent_twice(business: Any, outgoing: list[Message]) -> None:
    account_id = business.open_account(preferred_channel="email")
    business.issue(account_id, due=DUE)
    business.morning(FIFTH)
    [notice] = _notices(business, account_id)
    usecases.send_notice(
        business.session, notice_id=notice.notice_id, today=FIFTH, now=business.now
    )

    assert len(outgoing) == 1
    assert business.levels_sent(account_id) == [1]


def test_when_the_mail_server_is_away_the_item_does_not_advance(
    business: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refuse(monkeypatch, ConnectionRefusedError())
    account_id = business.open_account(preferred_channel="email")
    business.issue(account_id, due=DUE)
    with business.session.begin_nested():
        business.today = FIFTH
        run_dunning_for_day(business.session, day=FIFTH, now=business.now, by="service")
    [notice] = _notices(business, account_id)

    with pytest.raises(ConnectionRefusedError), business.session.begin_nested():
        usecases.send_notice(
            business.session, notice_id=notice.notice_id, today=FIFTH, now=business.now
        )
    business.session.expire_all()
    assert notice.status == NoticeStatus.APPROVED
    assert _item_of(business, notice).sent_on is None


def test_a_notice_that_is_refused_for_good_is_undeliverable_and_the_next_goes_by_post(
    business: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refuse(monkeypatch, RefusedForGood("550 no such user"))
    account_id = business.open_account(preferred_channel="email")
    business.issue(account_id, due=DUE)
    business.morning(FIFTH)

    [refused] = _notices(business, account_id)
    business.session.refresh(refused)
    assert (refused.status, refused.reason) == (NoticeStatus.UNDELIVERABLE, "550 no such user")
    assert _item_of(business, refused).reason == Reason.UNDELIVERABLE
    assert business.levels_sent(account_id) == []
    assert business.told(events.ContactDue, account_id)

    business.morning(FIFTH + timedelta(days=1))
    [sent] = business.told(events.DunningNoticeSent, account_id)
    assert (sent["level"], sent["channel"]) == (1, "post")


def test_an_address_that_is_none_makes_the_notice_undeliverable_at_once(business: Any) -> None:
    account_id = business.open_account(preferred_channel="email", email="a b@brown.example")
    business.issue(account_id, due=DUE)
    business.morning(FIFTH)

    [notice] = _notices(business, account_id)
    business.session.refresh(notice)
    assert notice.status == NoticeStatus.UNDELIVERABLE
    assert "correct it on the account or its payer" in notice.reason
    business.morning(FIFTH + timedelta(days=1))
    [sent] = business.told(events.DunningNoticeSent, account_id)
    assert sent["channel"] == "post"


def test_a_new_address_is_tried_by_e_mail_again(
    business: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refuse(monkeypatch, RefusedForGood("550 no such user"))
    account_id = business.open_account(preferred_channel="email")
    business.issue(account_id, due=DUE)
    business.morning(FIFTH)
    messages: list[Mail] = []
    monkeypatch.setattr(usecases, "send_mail", messages.append)
    keep_accounts(
        business.session,
        [
            {
                "account_id": account_id,
                "version": 2,
                "number": "A-1001",
                "name": "Brown & Sons",
                "language": "en",
                "email": "new@brown.example",
                "preferred_channel": "email",
            }
        ],
    )
    business.session.expire_all()
    business.morning(FIFTH + timedelta(days=1))

    assert [mail.recipient for mail in messages] == ["new@brown.example"]


def test_a_letter_by_post_waits_in_the_print_queue_until_it_is_printed(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    business.morning(FIFTH)

    def queue() -> list[str]:
        page = queries.list_notices(
            business.session,
            account_id=account_id,
            channel="post",
            status="sent",
            level=None,
            is_printed=False,
            limit=50,
            after=None,
        )
        return [notice.notice_id for notice in page["items"]]

    [notice_id] = queue()
    usecases.mark_printed(business.session, notice_id=notice_id, now=business.now)
    assert queue() == []
    with pytest.raises(Conflict, match="printed"):
        usecases.mark_printed(business.session, notice_id=notice_id, now=business.now)


def test_a_letter_keeps_what_it_said_when_the_account_changes(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    business.morning(FIFTH)
    [notice] = _notices(business, account_id)
    before = usecases.draw_notice(business.session, notice_id=notice.notice_id)
    keep_accounts(
        business.session,
        [
            {
                "account_id": account_id,
                "version": 2,
                "number": "A-9",
                "name": "Somebody else",
                "language": "de",
                "email": None,
                "preferred_channel": "post",
            }
        ],
    )

    assert usecases.draw_notice(business.session, notice_id=notice.notice_id) == before


def test_a_cancelled_notice_is_not_sent_and_closes_its_run(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    business.today = FIFTH
    run_dunning_for_day(business.session, day=FIFTH, now=business.now, by="service")
    [notice] = _notices(business, account_id)
    usecases.cancel_notice(
        business.session, notice_id=notice.notice_id, reason="They called.", now=business.now
    )

    assert business.levels_sent(account_id) == []
    with pytest.raises(Conflict):
        usecases.cancel_notice(
            business.session, notice_id=notice.notice_id, reason="Again.", now=business.now
        )
    with pytest.raises(Conflict, match="written when"):
        usecases.draw_notice(business.session, notice_id=notice.notice_id)


def _cancel(business: Any, _item: dict[str, Any], notice: Notice) -> None:
    usecases.cancel_notice(
        business.session, notice_id=notice.notice_id, reason="They called.", now=business.now
    )


def _cancel_run(business: Any, _item: dict[str, Any], notice: Notice) -> None:
    cancel_run(business.session, run_id=notice.run_id, reason="Wrong letter.", now=business.now)


@pytest.mark.parametrize(
    ("email", "happens", "ended"),
    [
        ("accounts@brown.example", lambda *_: None, "sent"),
        ("a b@brown.example", lambda *_: None, "undeliverable"),
        (None, lambda business, item, _: business.pay(item), "dropped"),
        (None, _cancel, "cancelled"),
        (None, _cancel_run, "cancelled"),
    ],
    ids=["sent", "undeliverable", "nothing is due any more", "cancelled", "with its run"],
)
@pytest.mark.usefixtures("outgoing")
def test_what_was_approved_is_told_with_its_items_and_once_that_it_is_over(
    business: Any, email: str | None, happens: Any, ended: str
) -> None:
    account_id = business.open_account(preferred_channel="email", email=email)
    item = business.issue(account_id, due=DUE)
    business.today = FIFTH
    run_dunning_for_day(business.session, day=FIFTH, now=business.now, by="service")
    happens(business, item, _notices(business, account_id)[0])

    [approved] = business.told(events.DunningNoticeApproved, account_id)
    assert approved["item_ids"] == [item["item_id"]]
    over = [
        (one["notice_id"], "sent") for one in business.told(events.DunningNoticeSent, account_id)
    ]
    over += [
        (one["notice_id"], one["status"])
        for one in business.told(events.DunningNoticeDropped, account_id)
    ]
    assert over == [(approved["notice_id"], ended)]


def test_a_notice_is_shown_with_why_each_item_is_in_it(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    business.morning(FIFTH)
    [notice] = _notices(business, account_id)
    business.session.expire_all()

    shown = queries.get_notice(business.session, notice_id=notice.notice_id)
    assert [item.sentence for item in shown.items] == ["Level 1 was due."]
    page = queries.list_run_notices(business.session, run_id=notice.run_id, limit=10, after=None)
    assert notice.notice_id in [one.notice_id for one in page["items"]]
    text = queries.get_text(business.session, notice_id=notice.notice_id)
    assert "Brown & Sons" in text


def test_a_letter_and_its_notice_list_items_in_the_order_of_their_documents(business: Any) -> None:
    account_id = business.open_account()
    for number in ("R-10", "R-2", "R-9"):
        business.issue(account_id, due=DUE, number=number)
    business.issue(account_id, due=DUE, number="R-12", issued_on=DUE - timedelta(days=60))
    business.issue(account_id, due=DUE - timedelta(days=1), number="R-11")
    business.morning(FIFTH)
    [notice] = _notices(business, account_id)
    business.session.expire_all()

    in_order = ["R-11", "R-12", "R-2", "R-9", "R-10"]
    letter = queries.get_letter(business.session, notice_id=notice.notice_id)
    assert [row[0] for row in letter.rows] == in_order
    shown = queries.get_notice(business.session, notice_id=notice.notice_id)
    assert [item.invoice_number for item in shown.items] == in_order


def test_a_letter_of_the_first_release_can_still_be_drawn(business: Any) -> None:
    account_id = business.open_account(language="de")
    business.issue(account_id, due=DUE)
    business.morning(FIFTH)
    [notice] = _notices(business, account_id)
    drawn = usecases.draw_notice(business.session, notice_id=notice.notice_id)
    assert notice.letter is not None
    notice.letter = {
        key: value for key, value in notice.letter.items() if key not in {"page", "reader"}
    }
    business.session.flush()

    assert usecases.draw_notice(business.session, notice_id=notice.notice_id) == drawn
