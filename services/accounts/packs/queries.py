"""What packs are made of, read for many accounts at once: one statement for each section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, lateral, or_, select, true
from sqlalchemy.orm import Session, aliased

from kernel.money import Money
from services.accounts.accounts.models import Account
from services.accounts.activities.models import Activity
from services.accounts.activities.rules import ActivityStatus
from services.accounts.balances.models import AccountBalance
from services.accounts.cases.models import Case
from services.accounts.cases.rules import ENDED
from services.accounts.contacts.models import Contact
from services.accounts.contacts.queries import is_valid_on
from services.accounts.notes.models import Note
from services.accounts.onboarding.models import ChecklistItem
from services.accounts.periods.rules import Status
from services.accounts.sharing.models import Sharing
from services.accounts.staff.models import Staff
from services.accounts.timeline.models import TimelineEntry
from services.accounts.worklist.models import WorklistReason
from services.accounts.worklist.rules import OVERDUE, Reason, explain

LAST_CONTACTS = 5
LAST_PROMISES = 10
LAST_NOTES = 50

Ids = Sequence[str]
Section = Mapping[str, Any]
Order = tuple[Any, ...]


def read_account(session: Session, ids: Ids, _: date) -> Section:
    """Who the client is."""
    found = session.scalars(select(Account).where(Account.account_id.in_(ids)))
    names = ("number", "name", "status", "tier", "country", "tax_id", "email", "preferred_channel")
    more = ("language", "time_zone", "opened_on", "external_references")
    return {one.account_id: {name: getattr(one, name) for name in (*names, *more)} for one in found}


def read_terms(session: Session, ids: Ids, _: date) -> Section:
    """On which terms business is done."""
    found = session.scalars(select(Account).where(Account.account_id.in_(ids)))
    return {
        one.account_id: {
            "currency": one.currency,
            "net_days": one.net_days,
            "credit_limit": _money(one.credit_limit, one.currency) or "no limit",
        }
        for one in found
    }


def read_owner(session: Session, ids: Ids, _: date) -> Section:
    """Who looked after it until now, and whom they report to."""
    lead = aliased(Staff)
    found = session.execute(
        select(Account.account_id, Account.owner_since_on, Staff, lead.name.label("lead"))
        .join(Staff, Staff.staff_id == Account.owner_id)
        .outerjoin(lead, lead.staff_id == Staff.reports_to_id)
        .where(Account.account_id.in_(ids))
    )
    return {
        row.account_id: {
            "name": row.Staff.name,
            "email": row.Staff.email,
            "since": row.owner_since_on,
            "reports_to": row.lead,
        }
        for row in found
    }


def read_who_helps(session: Session, ids: Ids, _: date) -> Section:
    """Who looks after it beside the owner, now or later."""
    found = select(Sharing).where(Sharing.account_id.in_(ids), Sharing.status != Status.ENDED)
    return _by_account(
        (one.account_id, {"name": one.name, "purpose": one.purpose, "until": one.until_on})
        for one in session.scalars(found.order_by(Sharing.sharing_id))
    )


def read_contacts(session: Session, ids: Ids, day: date) -> Section:
    """Whom to speak to there."""
    found = select(Contact).where(Contact.account_id.in_(ids), is_valid_on(day))
    names = ("name", "roles", "phone", "email")
    return _by_account(
        (one.account_id, {name: getattr(one, name) for name in names})
        for one in session.scalars(found.order_by(Contact.name, Contact.contact_id))
    )


def read_addresses(session: Session, ids: Ids, _: date) -> Section:
    """Where they are, get bills and goods."""
    found = session.scalars(select(Account).where(Account.account_id.in_(ids)))
    return {
        one.account_id: [
            {name: address[name] for name in ("kind", "recipient", "lines", "country_name")}
            for address in one.addresses
        ]
        for one in found
    }


def read_balances(session: Session, ids: Ids, _: date) -> Section:
    """What they owe, by currency."""
    found = select(AccountBalance).where(AccountBalance.account_id.in_(ids))
    names = ("balance", "open", "unapplied")
    return _by_account(
        (one.account_id, {name: _money(getattr(one, name), one.currency) for name in names})
        for one in session.scalars(found.order_by(AccountBalance.currency))
    )


def read_reasons(session: Session, ids: Ids, _: date) -> Section:
    """Why they should be contacted: the oldest debt, then the longest standing first."""
    found = session.scalars(
        select(WorklistReason)
        .where(WorklistReason.account_id.in_(ids), WorklistReason.is_standing)
        .order_by(
            WorklistReason.kind != OVERDUE,
            WorklistReason.oldest_due_date,
            WorklistReason.since_on,
            WorklistReason.kind,
            WorklistReason.about,
        )
    )
    return _by_account((one.account_id, _reason(one)) for one in found)


def read_last_contacts(session: Session, ids: Ids, _: date) -> Section:
    """What was said last, the newest first."""
    is_contact = or_(
        TimelineEntry.name == "worklist_item_done", TimelineEntry.name.startswith("activity_")
    )
    entry, found = _first(TimelineEntry, ids, [is_contact], _in_time, limit=LAST_CONTACTS)
    rows = session.execute(
        found.outerjoin(Staff, Staff.staff_id == entry.person).add_columns(Staff.name)
    )
    return _by_account((one.account_id, _contact(one, name)) for one, name in rows)


def read_promises(session: Session, ids: Ids, _: date) -> Section:
    """What was promised in calls and visits, by either side, the newest first."""
    is_promise = (Activity.status == ActivityStatus.HELD, Activity.promise.is_not(None))
    _, found = _first(Activity, ids, is_promise, _newest_activity, limit=LAST_PROMISES)
    return _by_account(
        (one.account_id, {"at": one.at, "promise": one.promise, "about": one.subject})
        for one in session.scalars(found)
    )


def read_notes(session: Session, ids: Ids, _: date) -> Section:
    """What was noted for all, the pinned first, then the newest. Private notes are in no pack: whoever
    is to read it may be none of those who may read them."""
    is_for_all = (Note.is_private.is_(False), Note.withdrawn_at.is_(None))
    note, found = _first(Note, ids, is_for_all, _pinned_first, limit=LAST_NOTES)
    rows = session.execute(
        found.outerjoin(Staff, Staff.staff_id == note.author_id)
        .outerjoin(Contact, Contact.contact_id == note.contact_id)
        .outerjoin(Case, Case.case_id == note.case_id)
        .add_columns(
            Staff.name.label("author"), func.coalesce(Contact.name, Case.number).label("about")
        )
    )
    return _by_account(
        (
            one.account_id,
            {
                "at": one.noted_at,
                "by": author or one.noted_by,
                "about": about,
                "pinned": "yes" if one.is_pinned else None,
                "note": one.text,
            },
        )
        for one, author, about in rows
    )


def read_next_activities(session: Session, ids: Ids, _: date) -> Section:
    """What is planned with them, the next first."""
    found = select(Activity).where(
        Activity.account_id.in_(ids), Activity.status == ActivityStatus.PLANNED
    )
    return _by_account(
        (one.account_id, {"at": one.at, "kind": one.kind, "subject": one.subject})
        for one in session.scalars(found.order_by(Activity.at, Activity.activity_id))
    )


def read_open_cases(session: Session, ids: Ids, _: date) -> Section:
    """What they brought up that is not over."""
    found = select(Case).where(Case.account_id.in_(ids), Case.status.not_in(ENDED))
    names = ("number", "kind", "priority", "status", "subject")
    return _by_account(
        (one.account_id, {name: getattr(one, name) for name in names})
        for one in session.scalars(found.order_by(Case.number))
    )


def read_checklist(session: Session, ids: Ids, day: date) -> Section:
    """What onboarding asked, and which documents expire when."""
    found = select(ChecklistItem).where(ChecklistItem.account_id.in_(ids))
    return _by_account(
        (
            one.account_id,
            {
                "name": one.name,
                "status": one.status_on(day),
                "document": one.document,
                "expires": one.expires_on,
            },
        )
        for one in session.scalars(
            found.order_by(
                ChecklistItem.expires_on, ChecklistItem.name, ChecklistItem.checklist_item_id
            )
        )
    )


READERS: Mapping[str, Callable[[Session, Ids, date], Section]] = {
    "account": read_account,
    "owner": read_owner,
    "who_helps": read_who_helps,
    "terms": read_terms,
    "balances": read_balances,
    "reasons_to_contact": read_reasons,
    "open_cases": read_open_cases,
    "next_activities": read_next_activities,
    "last_contacts": read_last_contacts,
    "promises": read_promises,
    "notes": read_notes,
    "contacts": read_contacts,
    "addresses": read_addresses,
    "checklist": read_checklist,
}
"""The sections of a pack, in the order in which they are shown; a section more is one line."""


def read_sections(session: Session, ids: Ids, day: date) -> dict[str, dict[str, Any]]:
    """All sections of each of these accounts; what there is nothing of is empty."""
    read = {name: reader(session, ids, day) for name, reader in READERS.items()}
    return {one: {name: section.get(one, []) for name, section in read.items()} for one in ids}


def _in_time(entry: Any) -> Order:
    return entry.occurred_at.desc(), entry.sequence.desc()


def _newest_activity(activity: Any) -> Order:
    return activity.at.desc(), activity.activity_id


def _pinned_first(note: Any) -> Order:
    return note.is_pinned.desc(), note.noted_at.desc(), note.note_id.desc()


def _first(
    model: type[Any], ids: Ids, wanted: Sequence[Any], order: Callable[[Any], Order], *, limit: int
) -> tuple[Any, Select[Any]]:
    """So many rows of each of these accounts, of those that are wanted, in this order; and what they are
    called in the select."""
    of_account = select(model).where(model.account_id == Account.account_id, *wanted)
    one = aliased(model, lateral(of_account.order_by(*order(model)).limit(limit)))
    found = select(one).select_from(Account).join(one, true())
    return one, found.where(Account.account_id.in_(ids)).order_by(*order(one))


def _by_account(rows: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for account_id, values in rows:
        found[account_id].append(values)
    return found


def _contact(entry: TimelineEntry, name: str | None) -> dict[str, Any]:
    what = entry.summary if name is None else entry.summary.replace(str(entry.person), name)
    note = entry.data.get("note")
    return {"at": entry.occurred_at, "what": what, "note": None if note and note in what else note}


def _reason(row: WorklistReason) -> dict[str, Any]:
    reason = Reason(
        kind=row.kind,
        about=row.about,
        since_on=row.since_on,
        amount=_money(row.amount, row.currency),
        oldest_due_date=row.oldest_due_date,
        sentence=row.sentence,
    )
    return {"since": row.since_on, "why": explain(reason), "oldest_due": row.oldest_due_date}


def _money(amount: int | None, currency: str | None) -> Money | None:
    return None if amount is None or currency is None else Money(amount, currency)
