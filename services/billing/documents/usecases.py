"""Make documents, once each, and send copies of them."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from services.billing.addressees.queries import find_recipients, get_addressee
from services.billing.company.queries import find_company, find_logo
from services.billing.credits.models import CreditNote
from services.billing.document_facts.queries import read_credit_note, read_invoice
from services.billing.document_facts.rules import DocumentFacts, DocumentKind
from services.billing.documents import events, rules
from services.billing.documents.models import Document, DocumentCopy
from services.billing.documents.queries import count_copies
from services.billing.documents.settings import copies_per_day
from services.billing.e_invoices.rules import FILE_NAME, LEVEL, find_lacks, write_e_invoice
from services.billing.invoices.models import Invoice
from services.billing.invoices.queries import seeing_whom_it_is_for
from services.billing.paper.drawing import draw_sheet
from services.billing.sheets.rules import Sheet, as_text, compose, mark_copy, restore
from stationery.mail.messages import RefusedForGood, mail_sender, write_mail
from stationery.mail.sending import our_sender, send_mail
from stationery.paper.archive import Archive, Attachment


def make_invoice_document(session: Session, *, invoice_id: str, now: datetime, by: str) -> Document:
    """The document of an issued invoice, debit note or demand of costs: made when it is first asked for,
    with what was so on its day; the same ever after. An e-invoice that could not be made then is made
    once nothing lacks any more, beside the PDF. Who sees for whom the invoice is may ask for it, too."""
    with seeing_whom_it_is_for(session, invoice_id=invoice_id):
        return _make_invoice_document(session, invoice_id, now, by)


def _make_invoice_document(session: Session, invoice_id: str, now: datetime, by: str) -> Document:
    made = session.scalars(select(Document).where(Document.invoice_id == invoice_id)).first()
    if made is not None and not made.lacks:
        return made
    invoice = fetch(session, Invoice, invoice_id)
    rules.require_issued(is_issued=invoice.issued_on is not None, name=invoice.name)
    bill = read_invoice(session, invoice)
    if made is not None:
        return _complete(session, made, bill)
    document = Document(invoice_id=invoice_id, account_id=invoice.account_id)
    return _make(session, document, bill, now=now, by=by)


def make_credit_note_document(
    session: Session, *, credit_note_id: str, now: datetime, by: str
) -> Document:
    """As `make_invoice_document`, of a credit note."""
    made = session.scalars(
        select(Document).where(Document.credit_note_id == credit_note_id)
    ).first()
    if made is not None and not made.lacks:
        return made
    note = fetch(session, CreditNote, credit_note_id)
    bill = read_credit_note(session, note)
    if made is not None:
        return _complete(session, made, bill)
    document = Document(credit_note_id=credit_note_id, account_id=note.account_id)
    return _make(session, document, bill, now=now, by=by)


def find_receipt_document(session: Session, *, payment_id: str) -> Document | None:
    """The document of a payment's receipt, where it was made."""
    return session.scalars(select(Document).where(Document.payment_id == payment_id)).first()


def keep_document(
    session: Session,
    sheet: Sheet,
    *,
    account_id: str,
    kind: DocumentKind,
    number: str,
    issued_on: date,
    payment_id: str | None = None,
    now: datetime,
    by: str,
) -> Document:
    """Draw and keep a document that is neither invoice nor note, and so no e-invoice: under its sheet's
    reference, with its number, of its day, for whose receipt it is of that payment."""
    document = Document(
        document_id=sheet.reference,
        account_id=account_id,
        payment_id=payment_id,
        kind=kind,
        number=number,
        issued_on=issued_on,
        language=sheet.language,
        sheet=asdict(sheet),
        lacks=[rules.NO_INVOICE],
    )
    _keep(session, document, sheet, now=now, by=by)
    return document


def mail_document(session: Session, document: Document, *, recipient: str, now: datetime) -> None:
    """Send a document itself by e-mail, as it was made, under its own id. RefusedForGood and Unavailable
    as `send_mail`."""
    _mail(
        session,
        restore(document.sheet),
        message_id=document.document_id,
        recipient=recipient,
        pdf=document.pdf,
        filename=f"{document.number}.pdf",
        now=now,
    )


def ask_copy(
    session: Session,
    *,
    document_id: str,
    contact_id: str | None,
    email: str | None,
    today: date,
    now: datetime,
    by: str,
) -> DocumentCopy:
    """Have a copy sent by e-mail to somebody who may have it; so many a day and account, no more."""
    document = fetch_for_change(session, Document, document_id)
    addressee = get_addressee(session, account_id=document.account_id)
    recipient = rules.choose_recipient(
        find_recipients(session, account_id=document.account_id, on=today),
        account_name=addressee.name,
        account_email=addressee.email,
        contact_id=contact_id,
        email=email,
    )
    asked = count_copies(session, account_id=document.account_id, on=today)
    rules.require_copies_left(asked, most=copies_per_day())
    document.copies += 1
    copy = DocumentCopy(
        copy_id=new_id("dcp"),
        document_id=document_id,
        account_id=document.account_id,
        place=document.copies,
        recipient=recipient.email,
        contact_id=recipient.contact_id,
        asked_on=today,
        asked_at=now,
        asked_by=by,
    )
    session.add(copy)
    session.flush()
    announce(session, events.DocumentCopyAsked, **_facts(document, copy))
    return copy


def send_copy(session: Session, *, copy_id: str, now: datetime) -> None:
    """Send a copy that was asked for; once it is over, nothing. Unavailable where the mail server is
    away: it is tried again."""
    copy = fetch_for_change(session, DocumentCopy, copy_id)
    if copy.status != rules.CopyState.ASKED:
        return
    document = fetch(session, Document, copy.document_id)
    action = rules.CopyAction.SEND
    try:
        _send(session, document, copy, now)
    except RefusedForGood as refused:
        action, copy.reason = rules.CopyAction.REFUSE, str(refused)
    copy.status = rules.move_copy(copy.status, action)
    copy.sent_at = now if action is rules.CopyAction.SEND else None
    session.flush()
    announce(session, events.DocumentCopyEnded, **_facts(document, copy), status=copy.status)


def _make(
    session: Session, document: Document, bill: DocumentFacts, *, now: datetime, by: str
) -> Document:
    document.document_id = new_id("doc")
    document.kind, document.number, document.issued_on = bill.kind, bill.number, bill.issued_on
    sheet = compose(bill, reference=document.document_id, email=our_sender().address)
    document.language, document.sheet = sheet.language, asdict(sheet)
    _write(document, bill)
    _keep(session, document, sheet, now=now, by=by)
    session.flush()
    return document


def _keep(session: Session, document: Document, sheet: Sheet, *, now: datetime, by: str) -> None:
    document.pdf = _draw(session, sheet, document.xml, now)
    document.pdf_sha256 = _sha256(document.pdf)
    document.made_by, document.made_at = by, now
    session.add(document)


def _complete(session: Session, document: Document, bill: DocumentFacts) -> Document:
    """What lacked may be there now; the PDF stays as it is."""
    lacks = find_lacks(bill)
    if lacks != document.lacks:
        _write(document, bill)
        session.flush()
    return document


def _write(document: Document, bill: DocumentFacts) -> None:
    document.lacks = find_lacks(bill)
    document.xml = None if document.lacks else write_e_invoice(bill)
    document.xml_sha256 = None if document.xml is None else _sha256(document.xml)


def _draw(session: Session, sheet: Sheet, xml: bytes | None, now: datetime) -> bytes:
    held = None if xml is None else Attachment(FILE_NAME, xml, LEVEL)
    logo = find_logo(session, sheet.logo_file_id)
    return draw_sheet(sheet, logo=logo, archive=Archive(now, held))


def _send(session: Session, document: Document, copy: DocumentCopy, now: datetime) -> None:
    """The copy as it is drawn of the document's own words: without the e-invoice, which is there once."""
    marked = mark_copy(restore(document.sheet), number=copy.place, on=copy.asked_on)
    _mail(
        session,
        marked,
        message_id=copy.copy_id,
        recipient=copy.recipient,
        pdf=_draw(session, marked, None, now),
        filename=f"{document.number}.pdf",
        now=now,
    )


def _mail(session: Session, sheet: Sheet, *, recipient: str, now: datetime, **facts: Any) -> None:
    company, ours = find_company(session), our_sender()
    email = company.email_from if company and company.email_from else ours.address
    send_mail(
        write_mail(
            sender=mail_sender(sheet.sender, email),
            recipient=("", recipient),
            subject=sheet.title,
            text=as_text(sheet),
            now=now,
            **facts,
        )
    )


def _facts(document: Document, copy: DocumentCopy) -> dict[str, object]:
    return {
        "account_id": document.account_id,
        "copy_id": copy.copy_id,
        "document_id": document.document_id,
        "kind": document.kind,
        "number": document.number,
        "place": copy.place,
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
