"""Open many cases at once, each once for what another system calls it, with what was done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from chassis.bulk import each_by_itself, insert_rows, tell_refusal
from chassis.database import fetch_all_for_change
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import Tier
from services.accounts.calendars.queries import read_timetable
from services.accounts.calendars.rules import Timetable
from services.accounts.case_batches import rules
from services.accounts.case_batches.models import CaseReference
from services.accounts.case_batches.queries import (
    OpenCases,
    Reference,
    Row,
    Standing,
    find_cases,
    read_causes,
    read_numbers,
    read_open_cases,
)
from services.accounts.case_batches.rules import Stage, of_step
from services.accounts.cases import rules as case_rules
from services.accounts.cases.models import Case, CaseState
from services.accounts.cases.queries import SIMILAR_MAX, Whose, judge_about_by, read_whose
from services.accounts.cases.usecases import announce_move, announce_opened
from services.accounts.causes.models import CaseCause
from services.accounts.causes.usecases import require_nameable
from services.accounts.clocks.models import CaseClock
from services.accounts.clocks.queries import read_targets
from services.accounts.clocks.rules import Kind, Priority, Target
from services.accounts.clocks.usecases import enter_clocks
from services.accounts.contacts.queries import read_whose as read_whose_contacts
from services.accounts.contacts.usecases import require_contact_of
from services.accounts.references.usecases import hold_references
from services.accounts.staff.models import Staff
from services.accounts.staff.usecases import hold_staff, require_active_of, require_staff_of


@dataclass(frozen=True)
class Surroundings:
    """What cases refer to, and how they are counted."""

    accounts: Mapping[str, Account]
    staff: Mapping[str, Staff]
    whose_contacts: Mapping[str, str]
    whose: Whose
    causes: Mapping[str, CaseCause]
    target_of: Callable[[Kind, Priority, Tier], Target]
    timetable: Timetable
    open_cases: OpenCases
    numbers: Iterator[str]


@dataclass(frozen=True, eq=False)
class Taken:
    """A case that is opened, as it was received, and what was done with it since."""

    case: Case
    stages: Sequence[Stage]
    reference: Reference | None

    @property
    def status(self) -> case_rules.CaseStatus:
        """Where it stands."""
        return self.stages[-1].status

    @property
    def is_ended(self) -> bool:
        """Whether nothing is to be done with it any more."""
        return self.status in case_rules.ENDED


def open_case_batch(
    session: Session, *, cases: Sequence[Row | Refusal], now: datetime, by: str, zone: tzinfo
) -> dict[str, Any]:
    """Open or find cases; the refused ones are reported with their place and the reason, and do not keep
    the others from being opened. The number of statements does not grow with them."""
    wanted = [one if isinstance(one, Refusal) else _received(one, now) for one in cases]
    sent = [one for one in wanted if not isinstance(one, Refusal)]
    references = [one for one in map(_reference_of, sent) if one is not None]
    hold_references(session, [f"case\n{one.system}\n{one.reference_id}" for one in references])
    known: dict[Reference, Standing] = find_cases(session, references)
    new = [one for one in sent if _reference_of(one) not in known]
    around = _look_around(session, new, zone=zone) if new else None
    taken: list[Taken] = []

    def take(row: Row) -> tuple[Standing, bool]:
        reference = _reference_of(row)
        if reference is not None and reference in known:
            found = known[reference]
            called = f"{reference.reference_id} of {reference.system}"
            rules.require_its_account(called, row["account_id"], whose=found.account_id)
            return found, False
        assert around is not None, "who is not known is new"
        one = _take(row, around, now=now)
        taken.append(one)
        case = one.case
        stands = Standing(case.case_id, case.account_id, case.number, one.status)
        if reference is not None:
            known[reference] = stands
        return stands, True

    results = [
        _report(place, one) for place, one in enumerate(each_by_itself(session, wanted, take))
    ]
    if around is not None:
        _store(session, taken, around, now=now, by=by)
    counts = Counter(one.get("is_new") for one in results)
    return {
        "opened": counts[True],
        "found": counts[False],
        "refused": counts[None],
        "results": results,
    }


def _look_around(session: Session, cases: Sequence[Row], *, zone: tzinfo) -> Surroundings:
    """What these cases refer to. Their accounts are locked, as where one is opened alone, and who looks
    after them cannot leave meanwhile."""
    steps = [step for one in cases for step in one["steps"]]
    accounts = fetch_all_for_change(session, Account, {one["account_id"] for one in cases})
    people = {one["owner_id"] for one in cases} | {one["caused_by_id"] for one in steps}
    people |= {staff_id for one in cases for staff_id in one["staff_ids"]}
    contacts = {one["contact_id"] for one in (*cases, *steps)}
    causes = {one["case_cause_id"] for one in steps}
    compared = [one for one in cases if not one["is_not_similar"]]
    return Surroundings(
        accounts={one.account_id: one for one in accounts},
        staff=hold_staff(session, people - {None}),
        whose_contacts=read_whose_contacts(session, contacts - {None}),
        whose=read_whose(session, [one["about"] for one in cases]),
        causes=read_causes(session, causes - {None}),
        target_of=read_targets(session),
        timetable=read_timetable(session, zone=zone),
        open_cases=read_open_cases(session, compared),
        numbers=read_numbers(session, len(cases)),
    )


def _received(row: Row, now: datetime) -> Row:
    return {**row, "received_at": row["received_at"] or now}


def _reference_of(row: Row) -> Reference | None:
    return None if row["system"] is None else Reference(row["system"], row["reference_id"])


def _take(row: Row, around: Surroundings, *, now: datetime) -> Taken:
    """Decide about one case, as where it is opened alone, and about its steps."""
    kind, about, disputed, at = (row[name] for name in ("kind", "about", "disputed", "received_at"))
    case_rules.require_in_order(at, earliest=None, now=now, field="received_at")
    case_rules.require_possible(
        kind=kind, about=about, disputed=disputed, is_praising=bool(row["staff_ids"])
    )
    account = around.accounts.get(row["account_id"])
    if account is None:
        raise rules.no_account(row["account_id"])
    about_is = judge_about_by(around.whose, account.account_id, about)
    case_rules.require_not_anothers(about_is)
    stages = rules.walk(row["reference_id"] or "to be opened", kind, at, row["steps"], now=now)
    _require_people(row, account.account_id, around, is_ended=stages[-1].status in case_rules.ENDED)
    facts = ("account_id", "kind", "priority", "subject", "description", "contact_id", "products")
    case = Case(
        **{name: row[name] for name in facts},
        case_id=new_id("cas"),
        version=1,
        number=next(around.numbers),
        tier=account.tier,
        status=case_rules.CaseStatus.RECEIVED,
        owner_id=row["owner_id"] or account.owner_id,
        staff_ids=row["staff_ids"],
        received_at=at,
        moved_at=at,
        times_reopened=0,
        **case_rules.concerned(about, disputed),
    )
    taken = Taken(case, stages, _reference_of(row))
    if not taken.is_ended:
        known = around.open_cases[case.account_id, case.about_id]
        if not row["is_not_similar"]:
            similar = [one for one in known if rules.is_similar(case, one)]
            case_rules.require_none_similar(similar[:SIMILAR_MAX])
        known.append(case)
    return taken


def _require_people(row: Row, account_id: str, around: Surroundings, *, is_ended: bool) -> None:
    """That there are all whom the case and its steps name, and the causes."""
    whose = around.whose_contacts
    require_contact_of(whose, account_id=account_id, contact_id=row["contact_id"])
    require_staff_of(around.staff, row["staff_ids"], field="staff_ids")
    if row["owner_id"] is not None:
        if is_ended:
            require_staff_of(around.staff, [row["owner_id"]], field="owner_id")
        else:
            require_active_of(around.staff, row["owner_id"])
    for place, step in enumerate(row["steps"]):
        try:
            require_contact_of(whose, account_id=account_id, contact_id=step["contact_id"])
            _require_diagnosed(step, around)
        except Refusal as refusal:
            raise of_step(refusal, place) from None


def _require_diagnosed(step: Row, around: Surroundings) -> None:
    cause_id, person_id = step["case_cause_id"], step["caused_by_id"]
    if cause_id is not None:
        if cause_id not in around.causes:
            raise rules.no_cause(cause_id)
        require_nameable(around.causes[cause_id])
    require_staff_of(around.staff, [] if person_id is None else [person_id], field="caused_by_id")


def _store(
    session: Session, taken: Sequence[Taken], around: Surroundings, *, now: datetime, by: str
) -> None:
    """Announce and store all that was opened, as it stands after all that was done with it."""
    clocks: list[CaseClock] = []
    for one in taken:
        clocks += _enter_clocks(session, one, around, now=now)
        _announce(session, one, by=by)
    insert_rows(session, Case, [_row(one.case) for one in taken])
    entry = {"moved_by": by, "recorded_at": now}
    insert_rows(session, CaseState, [row | entry for one in taken for row in _entries(one)])
    insert_rows(session, CaseClock, [_row(one) for one in clocks])
    insert_rows(session, CaseReference, [row for one in taken for row in _references(one)])


def _enter_clocks(
    session: Session, one: Taken, around: Surroundings, *, now: datetime
) -> list[CaseClock]:
    case = one.case
    is_past = one.stages[-1].moved_at < now
    return enter_clocks(
        session,
        account_id=case.account_id,
        case_id=case.case_id,
        target=around.target_of(case.kind, case.priority, case.tier),
        passages=case_rules.passages_of(one.stages),
        timetable=around.timetable,
        now=now,
        earliest=now + case_rules.ENTRY_TIME if is_past else now,
    )


def _announce(session: Session, one: Taken, *, by: str) -> None:
    """Take the case through what was done with it, and announce each of it."""
    case = one.case
    announce_opened(session, case, is_contested=not one.is_ended)
    for stage in one.stages:
        if stage.action is None:
            continue
        before, case.status, case.moved_at = case.status, stage.status, stage.moved_at
        case.version += 1
        for name, value in stage.facts.items():
            setattr(case, name, value)
        announce_move(session, case, stage.action, from_status=before, note=stage.note, by=by)


def _row(thing: Case | CaseClock) -> dict[str, Any]:
    return {one.key: getattr(thing, one.key) for one in thing.__mapper__.column_attrs}


def _entries(one: Taken) -> list[dict[str, Any]]:
    named = {"case_id": one.case.case_id, "account_id": one.case.account_id}
    names = ("action", "status", "note", "moved_at")
    return [named | {name: getattr(stage, name) for name in names} for stage in one.stages]


def _references(one: Taken) -> list[dict[str, Any]]:
    if one.reference is None:
        return []
    named = {"case_id": one.case.case_id, "account_id": one.case.account_id}
    return [named | one.reference._asdict()]


def _report(place: int, found: tuple[Standing, bool] | Refusal) -> dict[str, Any]:
    if isinstance(found, Refusal):
        return {"index": place, **tell_refusal(found)}
    stands, is_new = found
    known = {name: getattr(stands, name) for name in ("case_id", "number", "status")}
    return {"index": place, **known, "is_new": is_new}
