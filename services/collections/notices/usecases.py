"""Sending notices one by one, cancelling them, and ticking off what was printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from chassis.database import fetch_for_change
from chassis.outbox import announce
from services.collections import events
from services.collections.accounts.queries import get_addressee
from services.collections.accounts.rules import Addressee
from services.collections.company.queries import find_company, find_logo
from services.collections.dunning.models import Notice, NoticeItem, Run
from services.collections.dunning.queries import read_open_items
from services.collections.dunning.rules import Decision, Reason, decide
from services.collections.dunning.usecases import moving_items, settle_run, tell_dropped
from services.collections.letters.rules import Letter, Line, as_text, compose
from services.collections.notices import queries, rules
from services.collections.paper.drawing import draw_letter
from services.collections.procedures.queries import get_version
from services.collections.procedures.rules import Channel, Level, level_of, load_levels
from services.collections.runs.rules import NoticeAction, NoticeStatus, move_notice
from stationery.mail.messages import RefusedForGood, mail_sender, write_mail
from stationery.mail.messages import Sender as MailSender
from stationery.mail.sending import our_sender, send_mail
from stationery.senders import Sender, sender_of


def send_notice(session: Session, *, notice_id: str, today: date, now: datetime) -> None:
    """Judge an approved notice once more, write its letter and send it; without what is no longer
    due. Does nothing to a notice that was sent or cancelled meanwhile.

    Mail leaves before the transaction commits, under an id made of the notice's: if the process dies
    in between, the second message is recognised as the first."""
    notice = fetch_for_change(session, Notice, notice_id)
    if notice.status != NoticeStatus.APPROVED:
        return
    run = session.get_one(Run, notice.run_id)
    levels = load_levels(get_version(session, run.procedure_id, run.procedure_number).levels)
    due = _drop_what_is_not_due(session, notice, run.procedure_id, levels, today)
    if not due:
        notice.status = move_notice(notice.status, NoticeAction.DROP)
        _tell_dropped(session, notice)
    else:
        level = level_of(levels, notice.level)
        assert level is not None, "the run's version of the procedure does not change"
        _write_and_send(session, notice, level, due, today=today, now=now)
    session.flush()
    settle_run(session, run_id=notice.run_id, now=now)


def cancel_notice(session: Session, *, notice_id: str, reason: str, now: datetime) -> Notice:
    """Do not send this notice. Its items are proposed again by the next run; a hold prevents that."""
    notice = fetch_for_change(session, Notice, notice_id)
    was_approved = notice.status == NoticeStatus.APPROVED
    notice.status = move_notice(notice.status, NoticeAction.CANCEL)
    notice.reason = reason
    _drop_items(session, notice, Reason.CANCELLED)
    session.flush()
    if was_approved:
        _tell_dropped(session, notice)
        settle_run(session, run_id=notice.run_id, now=now)
    return notice


def mark_printed(session: Session, *, notice_id: str, now: datetime) -> Notice:
    """Take a letter that went by post out of the print queue."""
    notice = fetch_for_change(session, Notice, notice_id)
    rules.require_printable(
        channel=notice.channel, status=notice.status, printed_at=notice.printed_at
    )
    notice.printed_at = now
    session.flush()
    return notice


def draw_notice(session: Session, *, notice_id: str) -> bytes:
    """The letter as it was sent, as PDF."""
    letter = queries.get_letter(session, notice_id=notice_id)
    return draw_letter(letter, logo=find_logo(session, letter.logo_file_id))


def _drop_what_is_not_due(
    session: Session,
    notice: Notice,
    procedure_id: str,
    levels: tuple[Level, ...],
    today: date,
) -> list[Decision]:
    """The notice's items that are still due today, with today's amounts, in the order of their documents;
    the others are dropped."""
    decided = {
        decision.item.item_id: decision
        for decision in decide(
            read_open_items(
                session,
                on=today,
                account_ids=[notice.account_id],
                except_notice_id=notice.notice_id,
            ),
            levels=levels,
            on=today,
        )
    }
    due = set()
    for item in session.scalars(
        select(NoticeItem).where(
            NoticeItem.notice_id == notice.notice_id, NoticeItem.status == NoticeStatus.APPROVED
        )
    ):
        decision = decided.get(item.item_id)
        item.reason = _why_dropped(item, decision, procedure_id)
        if item.reason is not None:
            item.status = move_notice(item.status, NoticeAction.DROP)
            continue
        assert decision is not None, "else it is closed"
        item.amount = decision.amount
        due.add(item.item_id)
    return [decision for item_id, decision in decided.items() if item_id in due]


def _why_dropped(item: NoticeItem, decision: Decision | None, procedure_id: str) -> Reason | None:
    """Why the item does not belong in the notice any more; None if it does."""
    if decision is None:
        return Reason.CLOSED
    if decision.item.procedure_id != procedure_id:
        return Reason.OTHER_PROCEDURE
    if not decision.is_due:
        return decision.reason
    is_this_step = (item.level, item.due_date) == (decision.level, decision.item.due_date)
    return None if is_this_step else Reason.SUPERSEDED


def _write_and_send(
    session: Session,
    notice: Notice,
    level: Level,
    due: list[Decision],
    *,
    today: date,
    now: datetime,
) -> None:
    addressee = get_addressee(session, account_id=notice.account_id, on=today)
    ours = our_sender()
    sender = sender_of(
        find_company(session), name=ours.name, email=ours.address, currency=notice.currency
    )
    letter = _write(notice, level, due, addressee, sender, today)
    channel = rules.choose_channel(
        level.channel,
        preferred_channel=addressee.preferred_channel,
        email=addressee.email,
        is_email_refused=_is_refused(session, notice.account_id, addressee.email),
    )
    # Read before the notice is changed: a row that is written twice holds its run against others that
    # want to settle it as well.
    logo = find_logo(session, letter.logo_file_id) if channel == Channel.EMAIL else None
    notice.total = sum(decision.amount for decision in due)
    notice.channel = channel
    notice.recipient = addressee.email if channel == Channel.EMAIL else None
    notice.subject, notice.text = letter.subject, as_text(letter)
    notice.letter = asdict(letter)
    if channel == Channel.EMAIL:
        try:
            _send(notice, letter, logo, addressee, mail_sender(sender.name, sender.email), now)
        except RefusedForGood as refused:
            notice.status = move_notice(notice.status, NoticeAction.REFUSE)
            notice.reason = str(refused)
            _drop_items(session, notice, Reason.UNDELIVERABLE)
            _tell_dropped(session, notice)
            return
    _mark_sent(session, notice, [decision.item.item_id for decision in due], today, now)


def _write(
    notice: Notice,
    level: Level,
    due: list[Decision],
    addressee: Addressee,
    sender: Sender,
    today: date,
) -> Letter:
    address = addressee.address
    return compose(
        reference=notice.notice_id,
        templates=level.letters,
        level_name=level.name,
        language=addressee.language,
        account_number=addressee.number,
        name=addressee.name,
        person=addressee.person,
        address=address.below_name(sent_from=sender.country) if address else [],
        lines=list(_lines(due)),
        currency=notice.currency,
        on=today,
        sender=sender.name,
        sender_email=sender.email,
        sender_address=sender.address,
        bank=sender.bank,
        logo_file_id=sender.logo_file_id,
    )


def _lines(due: list[Decision]) -> Iterable[Line]:
    for decision in due:
        item = decision.item
        yield Line(item.invoice_number, item.due_date, item.amount, decision.amount)


def _send(
    notice: Notice,
    letter: Letter,
    logo: bytes | None,
    addressee: Addressee,
    sender: MailSender,
    now: datetime,
) -> None:
    assert addressee.email is not None, "the channel was chosen by it"
    send_mail(
        write_mail(
            message_id=notice.notice_id,
            sender=sender,
            recipient=(addressee.person or addressee.name, addressee.email),
            subject=letter.subject,
            text=as_text(letter),
            pdf=draw_letter(letter, logo=logo),
            filename=f"{notice.notice_id}.pdf",
            now=now,
        )
    )


def _mark_sent(
    session: Session, notice: Notice, item_ids: list[str], today: date, now: datetime
) -> None:
    notice.status = move_notice(notice.status, NoticeAction.SEND)
    notice.sent_on, notice.sent_at = today, now
    session.execute(
        moving_items(NoticeAction.SEND)
        .where(NoticeItem.notice_id == notice.notice_id)
        .values(sent_on=today)
    )
    announce(
        session,
        events.DunningNoticeSent,
        account_id=notice.account_id,
        notice_id=notice.notice_id,
        currency=notice.currency,
        level=notice.level,
        level_name=notice.level_name,
        total=notice.total,
        sent_on=today,
        channel=notice.channel,
        item_ids=item_ids,
    )


def _tell_dropped(session: Session, notice: Notice) -> None:
    tell_dropped(
        session,
        notice_id=notice.notice_id,
        account_id=notice.account_id,
        run_id=notice.run_id,
        status=notice.status,
    )


def _drop_items(session: Session, notice: Notice, reason: Reason) -> None:
    session.execute(
        moving_items(NoticeAction.DROP)
        .where(NoticeItem.notice_id == notice.notice_id)
        .values(reason=reason)
    )


def _is_refused(session: Session, account_id: str, email: str | None) -> bool:
    """Whether a letter to this address has come to nothing before."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Notice.account_id == account_id,
                    Notice.status == NoticeStatus.UNDELIVERABLE,
                    Notice.recipient == email,
                )
            )
        )
    )
