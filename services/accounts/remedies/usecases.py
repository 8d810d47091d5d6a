"""What happens to remedies: given or asked for, decided, carried out or refused; their cases follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_all_for_change, fetch_for_change
from chassis.outbox import announce
from kernel.callers import Caller
from kernel.ids import new_id
from kernel.money import Money
from kernel.refusals import NotKnownYet
from services.accounts.accounts.models import Account
from services.accounts.authorities.queries import authority_of
from services.accounts.billed.models import BilledInvoice
from services.accounts.cases.models import Case
from services.accounts.cases.rules import CaseAction, name_of
from services.accounts.cases.usecases import approve_case, move_case, propose_solution
from services.accounts.causes.models import CaseCause
from services.accounts.reasons.rules import Due
from services.accounts.reasons.usecases import tell_due, tell_settled
from services.accounts.remedies import events, rules
from services.accounts.remedies.models import Remedy, RemedyLine
from services.accounts.remedies.queries import (
    count_others,
    find_approvers,
    find_waiting,
    is_within_budget,
    list_waiting_for,
    load_deciders,
    name_asker,
    read_used,
)
from services.accounts.remedies.rules import (
    CarriedOutAs,
    Moment,
    RemedyAction,
    RemedyKind,
    RemedyStatus,
    Step,
)

REASON = "remedy_approval"
_TOLD = ("remedy_id", "case_id", "account_id", "kind", "currency", "amount")
_GRANTED = (
    *("is_by_lines", "invoice_id", "invoice_number", "order_id", "lines"),
    *("granted_on", "approved_by"),
)


def give_remedy(
    session: Session,
    *,
    case_id: str,
    kind: RemedyKind,
    invoice_id: str | None,
    lines: list[dict[str, Any]],
    amount: Money | None,
    reason: str,
    moment: Moment,
    caller: Caller,
) -> Remedy:
    """Grant a remedy where that is within the caller's authority; else ask whoever is above for it."""
    case = _lock_case(session, case_id)
    rules.require_ready(case.number, case.status)
    rules.require_form(
        kind, has_invoice=bool(invoice_id), has_lines=bool(lines), has_sum=bool(amount)
    )
    remedy = Remedy(
        remedy_id=new_id("rem"),
        account_id=case.account_id,
        case_id=case_id,
        kind=kind,
        reason=reason,
        asked_by=moment.by,
        asked_at=moment.now,
        **_priced(session, case, kind, invoice_id, lines, amount),
    )
    is_covered = _is_covered(session, remedy, case, caller, today=moment.today)
    remedy.status = rules.begin_remedy(is_covered=is_covered)
    if is_covered:
        _grant(session, remedy, case, Step.GRANTED, moment=moment)
    else:
        _ask(session, remedy, case, moment=moment)
    return remedy


def approve_remedy(
    session: Session, *, remedy_id: str, note: str | None, moment: Moment, caller: Caller
) -> Remedy:
    """Grant what was asked for, by whoever has the authority and neither asked nor caused it."""
    remedy, case = _lock(session, remedy_id)
    status = rules.move_remedy(remedy.status, RemedyAction.APPROVE)
    rules.require_running(case.number, case.status)
    _require_decider(session, remedy, case, caller, today=moment.today)
    remedy.status = status
    remedy.approved_by, remedy.approval_note = moment.by, note
    _grant(session, remedy, case, Step.APPROVED, moment=moment)
    return remedy


def decline_remedy(
    session: Session, *, remedy_id: str, reason: str, moment: Moment, caller: Caller
) -> Remedy:
    """Turn down what was asked for; something else is to be proposed."""
    remedy, case = _lock(session, remedy_id)
    rules.move_remedy(remedy.status, RemedyAction.DECLINE)
    _require_decider(session, remedy, case, caller, today=moment.today)
    _end(remedy, RemedyAction.DECLINE, code=None, reason=reason, moment=moment)
    _announce(session, remedy, events.RemedyDeclined, declined_by=moment.by, reason=reason)
    tell_settled(session, (remedy.account_id, REASON, remedy_id))
    _follow_last(session, remedy, case, Step.DECLINED, note=reason, moment=moment)
    return remedy


def withdraw_remedy(session: Session, *, remedy_id: str, reason: str, moment: Moment) -> Remedy:
    """Take back what was asked for before anybody decided."""
    remedy, case = _lock(session, remedy_id)
    _end(remedy, RemedyAction.WITHDRAW, code=None, reason=reason, moment=moment)
    _announce(session, remedy, events.RemedyWithdrawn, withdrawn_by=moment.by, reason=reason)
    tell_settled(session, (remedy.account_id, REASON, remedy_id))
    _follow_last(session, remedy, case, Step.DECLINED, note=reason, moment=moment)
    return remedy


def execute_remedy(
    session: Session,
    *,
    remedy_id: str,
    executed_as: CarriedOutAs,
    carried_out_by: str | None,
    moment: Moment,
) -> Remedy:
    """Note that what was granted is done, and by what; with the last of its remedies the case is, too."""
    remedy, case = _lock(session, remedy_id)
    remedy.status = rules.move_remedy(remedy.status, RemedyAction.EXECUTE)
    remedy.executed_as, remedy.carried_out_by = executed_as, carried_out_by
    remedy.executed_at, remedy.executed_by = moment.now, moment.by
    how = {"executed_as": executed_as, "carried_out_by": carried_out_by}
    _announce(session, remedy, events.RemedyExecuted, **how)
    if not count_others(session, remedy, RemedyStatus.WAITING_FOR_APPROVAL, RemedyStatus.GRANTED):
        note = rules.say_proposal(remedy.kind, remedy.money, "done.")
        _follow(session, case, Step.EXECUTED, note=note, moment=moment)
    return remedy


def note_refused(
    session: Session, *, remedy_id: str, code: str, reason: str, moment: Moment
) -> Remedy:
    """Note that what was granted cannot be had; its case is proposed again."""
    remedy, case = _lock(session, remedy_id)
    _end(remedy, RemedyAction.REFUSE, code=code, reason=reason, moment=moment)
    _follow(session, case, Step.REFUSED, note=reason, moment=moment)
    return remedy


def take_executed(
    session: Session,
    answers: Sequence[dict[str, Any]],
    *,
    executed_as: CarriedOutAs,
    moment: Moment,
) -> None:
    """Take what others carried out (account_id, remedy_id, carried_out_by)."""
    for answer in _answerable(session, answers):
        execute_remedy(
            session,
            remedy_id=answer["remedy_id"],
            executed_as=executed_as,
            carried_out_by=answer["carried_out_by"],
            moment=moment,
        )


def take_carried_out(
    session: Session,
    *,
    account_id: str,
    remedy_id: str | None,
    carried_out_by: str,
    executed_as: CarriedOutAs,
    moment: Moment,
) -> None:
    """Take that others carried out a remedy, if it was for one."""
    if remedy_id is not None:
        answer = {"account_id": account_id, "remedy_id": remedy_id}
        answer["carried_out_by"] = carried_out_by
        take_executed(session, [answer], executed_as=executed_as, moment=moment)


def take_refused(
    session: Session, *, account_id: str, remedy_id: str, moment: Moment, **why: str
) -> None:
    """Take that others cannot carry out what was granted."""
    for answer in _answerable(session, [{"account_id": account_id, "remedy_id": remedy_id}]):
        note_refused(session, remedy_id=answer["remedy_id"], moment=moment, **why)


def approve_by_hand(session: Session, *, case_id: str, **moment: Any) -> Case:
    """Approve what a case proposes, of which no remedy waits for whoever has the authority."""
    case = _lock_case(session, case_id)
    rules.require_none_waits(case.number, find_waiting(session, case_id))
    return approve_case(session, case_id=case_id, **moment)


def pass_on_decisions(session: Session, staff_id: str, *, today: date, zone: tzinfo) -> None:
    """Have what waits for the decision of somebody who left wait for the next who could decide."""
    waiting = list_waiting_for(session, staff_id)
    known = load_deciders(session, waiting)  # each is asked for many times
    dues = []
    for remedy in waiting:
        since = remedy.asked_at.astimezone(zone).date()
        dues.append(_due(session, remedy, known[remedy.case_id], since=since, today=today))
    _name_approvers(session, {due.about: due.to_staff_id for due in dues})
    tell_due(session, *dues)


def _name_approvers(session: Session, approvers: Mapping[str, str | None]) -> None:
    """Have remedies wait for others; as many statements as there are others."""
    for approver_id in {*approvers.values()}:
        theirs = [one for one, whose in approvers.items() if whose == approver_id]
        passed = update(Remedy).where(Remedy.remedy_id.in_(theirs))
        session.execute(passed.values(approver_id=approver_id, version=Remedy.version + 1))


def _answerable(session: Session, answers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those about remedies that are granted and not over yet, each once; their accounts are locked."""
    fetch_all_for_change(session, Account, {answer["account_id"] for answer in answers})
    known = fetch_all_for_change(session, Remedy, {answer["remedy_id"] for answer in answers})
    granted = {
        (remedy.remedy_id, remedy.account_id)
        for remedy in known
        if remedy.status == RemedyStatus.GRANTED
    }
    first = {answer["remedy_id"]: answer for answer in reversed(answers)}
    return [one for one in first.values() if (one["remedy_id"], one["account_id"]) in granted]


def _lock(session: Session, remedy_id: str) -> tuple[Remedy, Case]:
    found = fetch(session, Remedy, remedy_id)
    case = _lock_case(session, found.case_id)
    return fetch_for_change(session, Remedy, remedy_id), case


def _lock_case(session: Session, case_id: str) -> Case:
    """The case for change. One at a time for an account: what is left of lines and of goodwill is the
    account's."""
    fetch_all_for_change(session, Account, [fetch(session, Case, case_id).account_id])
    return fetch_for_change(session, Case, case_id)


def _priced(
    session: Session,
    case: Case,
    kind: RemedyKind,
    invoice_id: str | None,
    asked: list[dict[str, Any]],
    amount: Money | None,
) -> dict[str, Any]:
    """What a remedy comes to, and of which invoice."""
    facts: dict[str, Any] = {"is_by_lines": amount is None, "invoice_id": invoice_id}
    if invoice_id is None:
        assert amount is not None, "lines are of an invoice"
        return {**facts, "currency": amount.currency, "amount": amount.minor}
    invoice = _require_invoice(session, case, invoice_id)
    facts |= {"invoice_number": invoice.number, "order_id": invoice.order_id}
    facts["currency"] = invoice.currency
    used, used_lines = read_used(session, invoice_id)
    if amount is not None:
        rules.require_same_currency(amount, currency=invoice.currency)
        rules.require_sum_left(amount, total=invoice.total or 0, used=used)
        return {**facts, "amount": amount.minor}
    billed = invoice.lines or []
    lines = rules.choose_lines(kind, asked, billed, used_lines, currency=invoice.currency)
    rows = [RemedyLine(**line.facts()) for line in lines]
    return {**facts, "amount": rules.total_of(lines), "lines": rows}


def _require_invoice(session: Session, case: Case, invoice_id: str) -> BilledInvoice:
    invoice = session.get(BilledInvoice, invoice_id)
    served = () if invoice is None else (invoice.account_id, invoice.for_account_id)
    if invoice is None or case.account_id not in served or invoice.issued_on is None:
        detail = (
            f"The account has no invoice {invoice_id}; name one that was issued to it, or for it."
        )
        raise NotKnownYet("invoice_not_found", detail, field="invoice_id")
    rules.require_not_void(invoice.number, is_void=invoice.is_void)
    return invoice


def _is_covered(
    session: Session, remedy: Remedy, case: Case, caller: Caller, *, today: date
) -> bool:
    """Whether the caller may grant it by themselves. Nobody makes good alone what they caused."""
    if caller.staff_id is not None and caller.staff_id == case.caused_by_id:
        return False
    is_within = is_within_budget(session, remedy, today=today)
    return authority_of(session, caller).covers(remedy.money, is_within_budget=is_within)


def _require_decider(
    session: Session, remedy: Remedy, case: Case, caller: Caller, *, today: date
) -> None:
    rules.require_decider(
        by=caller.subject,
        asked_by=remedy.asked_by,
        caused_by=case.caused_by_id,
        is_covered=_is_covered(session, remedy, case, caller, today=today),
        could=find_approvers(session, remedy, case, today=today),
    )


def _ask(session: Session, remedy: Remedy, case: Case, *, moment: Moment) -> None:
    due = _due(session, remedy, case, since=moment.today, today=moment.today)
    remedy.approver_id = due.to_staff_id
    session.add(remedy)
    why = {name: getattr(remedy, name) for name in ("reason", "asked_by", "approver_id")}
    _announce(session, remedy, events.RemedyAsked, **why)
    tell_due(session, due)
    note = rules.say_proposal(remedy.kind, remedy.money, remedy.reason)
    _follow(session, case, Step.ASKED, note=note, moment=moment)


def _due(session: Session, remedy: Remedy, case: Case, *, since: date, today: date) -> Due:
    """That it waits, for the next who could decide it."""
    approvers = find_approvers(session, remedy, case, today=today)
    approver_id, approver = approvers[0] if approvers else (None, None)
    sentence = rules.say_waiting(
        name_of(case.kind, case.number),
        remedy.kind,
        remedy.money,
        since=since,
        asked_by=name_asker(session, remedy),
        approver=approver,
    )
    return Due(
        account_id=remedy.account_id,
        reason=REASON,
        about=remedy.remedy_id,
        since=since,
        sentence=sentence,
        amount=remedy.money,
        to_staff_id=approver_id,
    )


def _grant(session: Session, remedy: Remedy, case: Case, step: Step, *, moment: Moment) -> None:
    remedy.granted_on = moment.today
    session.add(remedy)
    cause = None if case.case_cause_id is None else session.get(CaseCause, case.case_cause_id)
    facts = {name: getattr(remedy, name) for name in _GRANTED}
    facts |= {"cause": cause and cause.name, "granted_by": remedy.asked_by}
    _announce(session, remedy, events.RemedyGranted, **facts)
    tell_settled(session, (remedy.account_id, REASON, remedy.remedy_id))
    note = rules.say_proposal(remedy.kind, remedy.money, remedy.reason)
    _follow_last(session, remedy, case, step, note=note, moment=moment)


def _end(
    remedy: Remedy, action: RemedyAction, *, code: str | None, reason: str, moment: Moment
) -> None:
    remedy.status = rules.move_remedy(remedy.status, action)
    remedy.ended_at, remedy.ended_by = moment.now, moment.by
    remedy.ended_code, remedy.ended_reason = code, reason


def _announce(session: Session, remedy: Remedy, event: type[Any], **facts: Any) -> None:
    session.flush()
    announce(session, event, **{name: getattr(remedy, name) for name in _TOLD}, **facts)


def _follow_last(
    session: Session, remedy: Remedy, case: Case, step: Step, *, note: str, moment: Moment
) -> None:
    """Have the case follow a decision, once nothing of it waits for one any more; where others of its
    remedies stand and are done, it is."""
    if count_others(session, remedy, RemedyStatus.WAITING_FOR_APPROVAL):
        return
    if step != Step.DECLINED or not count_others(session, remedy, *rules.GIVEN):
        _follow(session, case, step, note=note, moment=moment)
        return
    _follow(session, case, Step.PARTLY_DECLINED, note=note, moment=moment)
    if not count_others(session, remedy, RemedyStatus.GRANTED):
        _follow(session, case, Step.EXECUTED, note=note, moment=moment)


def _follow(session: Session, case: Case, step: Step, *, note: str, moment: Moment) -> None:
    done: dict[str, Any] = {"case_id": case.case_id, "at": None, "now": moment.now, "by": moment.by}
    done["zone"] = moment.zone
    for action in rules.path_of(step, case.status, before_waiting=case.status_before):
        if action == CaseAction.PROPOSE:
            propose_solution(session, **done, proposal=note)
        else:
            move_case(session, **done, action=action, note=note)
