"""What clients bring up, from its receipt to its end: answered, diagnosed, made good, confirmed."""

from datetime import date
from typing import Any

from dev.demo import occasions
from dev.demo.business import Client
from dev.demo.desk import Desk, Thing
from dev.demo.habits import after, draw_for, draw_for_item
from dev.demo.money import list_goods

SMALL = 45_00
"""What is offered instead of a remedy that was declined: within anybody's authority."""


def bring_up(desk: Desk, account_id: str, contact_id: str | None, what: Any, *, by: str) -> None:
    """A client who rings has a request, a question or praise."""
    kind, subject, _ = what
    sent = {"account_id": account_id, "kind": kind, "subject": subject, "contact_id": contact_id}
    desk.do("/v1/cases", {**sent, "is_not_similar": True}, by=by)


def complain(desk: Desk, client: Client, item: Thing, *, by: str) -> None:
    """A few goods are wrong: five days after the invoice the client complains about it."""
    draw = draw_for_item(item)
    is_wrong = 0.025 <= draw.random() < 0.075 and item["balance"] == item["amount"]
    if item["kind"] != "invoice" or not is_wrong or desk.day != after(item["issued_on"], 5):
        return
    subject, _, _ = draw.choice(occasions.COMPLAINTS)
    case = open_complaint(desk, item, subject, by=by)
    if draw_for(client.number, case["received_at"]).random() < 0.85:
        answer(desk, case, by=by)


def open_complaint(desk: Desk, item: Thing, subject: str, *, by: str) -> Thing:
    """Take up a complaint about the invoice of an item."""
    account_id = item["account_id"]
    buyer = find_buyer(desk, account_id)
    about = {"kind": "invoice", "id": item["invoice_id"], "number": item["invoice_number"]}
    sent = {"account_id": account_id, "kind": "complaint", "subject": subject, "about": about}
    case: Thing = desk.do("/v1/cases", {**sent, "contact_id": buyer}, by=by)
    return case


def find_buyer(desk: Desk, account_id: str) -> str:
    """Who at a client decides what is bought."""
    contacts = desk.client.list(f"/v1/accounts/{account_id}/contacts")
    return next(str(one["contact_id"]) for one in contacts if "decision_maker" in one["roles"])


def advance(desk: Desk, client: Client, case: Thing, *, by: str) -> None:
    """Do what is to be done next with a case that has rested for a day."""
    moved_on = date.fromisoformat(case["moved_at"][:10])
    if moved_on >= desk.day:
        return
    path = f"/v1/cases/{case['case_id']}"
    match case["status"]:
        case "received" if case["subject"] != occasions.EASTER[0]:
            answer(desk, case, by=by)
        case "acknowledged" if case["kind"] == "praise":
            desk.do(f"{path}/close", {}, by=by)
        case "acknowledged":
            _ask_or_diagnose(desk, client, case, by=by)
        case "waiting_for_client" if desk.day >= after(moved_on, 3):
            desk.do(f"{path}/resume", {"note": "They sent a photo."}, by=by)
        case "diagnosed":
            _make_good(desk, client, case, by=by)
        case "proposed":
            desk.do(f"{path}/accept", {}, by=by)
        case "accepted":
            _carry_out(desk, case, by=by)
        case "executed" if desk.day >= after(moved_on, 2):
            _finish(desk, case, by=by)


def answer(desk: Desk, case: Thing, *, by: str) -> None:
    """Tell the client that we have it and how we understand it; of a complaint we know the cause."""
    path = f"/v1/cases/{case['case_id']}"
    problem = _known(case)[1] or f"As they say: {case['subject']}"
    desk.do(f"{path}/acknowledge", {"problem": problem}, by=by)
    if case["kind"] == "complaint":
        diagnose(desk, case, by=by)


def diagnose(desk: Desk, case: Thing, *, by: str) -> None:
    """Say what a case comes from."""
    cause = {"case_cause_id": desk.causes[_known(case)[0] or "None found"]}
    desk.do(f"/v1/cases/{case['case_id']}/diagnose", cause, by=by)


def give_credit(desk: Desk, case: Thing, amount: int, currency: str, *, by: str) -> None:
    """Take a sum off the invoice that a complaint is about; above their authority it is asked for."""
    sent = {
        "kind": "credit",
        "invoice_id": case["about"]["id"],
        "amount": {"amount": amount, "currency": currency},
        "reason": case["subject"],
    }
    desk.do(f"/v1/cases/{case['case_id']}/remedies", sent, by=by)


def decide(desk: Desk) -> None:
    """Whoever is asked decides about remedies; of the larger ones some are declined."""
    for remedy in list(desk.client.list("/v1/remedies", status="waiting_for_approval")):
        path, by = f"/v1/remedies/{remedy['remedy_id']}", desk.name_of(remedy["approver_id"])
        if draw_for(remedy["reason"], remedy["amount"]).random() < 0.2:
            desk.do(f"{path}/decline", {"reason": "Too much for two boxes."}, by=by)
        else:
            desk.do(f"{path}/approve", {"note": "Do it; they are worth it."}, by=by)


def _known(case: Thing) -> tuple[str | None, str | None]:
    """What such a case comes from, and how its problem is understood."""
    for subject, cause, problem in (*occasions.COMPLAINTS, occasions.EASTER):
        if subject == case["subject"]:
            return cause, problem
    for _, subject, reason in occasions.BROUGHT_UP:
        if subject == case["subject"]:
            return reason, None
    return None, None


def _ask_or_diagnose(desk: Desk, client: Client, case: Thing, *, by: str) -> None:
    is_new = case["kind"] == "technical" and desk.day <= after(case["received_at"][:10], 2)
    if is_new and draw_for(client.number, case["subject"]).random() < 0.5:
        path = f"/v1/cases/{case['case_id']}/wait"
        desk.do(path, {"note": "A photo of the dial would help."}, by=by)
    else:
        diagnose(desk, case, by=by)


def _make_good(desk: Desk, client: Client, case: Thing, *, by: str) -> None:
    path = f"/v1/cases/{case['case_id']}"
    if case["kind"] != "complaint":
        desk.do(f"{path}/propose", {"proposal": "We show them how."}, by=by)
        return
    was_declined = any(True for _ in desk.client.list("/v1/remedies", case_id=case["case_id"]))
    is_small = was_declined or case["subject"] == occasions.EASTER[0]
    invoice = desk.client.get(f"/v1/invoices/{case['about']['id']}")
    draw = draw_for(client.number, invoice["issued_on"], invoice["total"])
    share = invoice["total"] * draw.randint(5, 25) // 100
    goods = list_goods(invoice)
    if draw.random() < 0.25 and goods and not is_small:
        _replace(desk, case, invoice, goods[0], by=by)
    else:
        amount = min(share, SMALL) if is_small else share
        give_credit(desk, case, amount, invoice["currency"], by=by)


def _replace(desk: Desk, case: Thing, invoice: Thing, line: Thing, *, by: str) -> None:
    piece = {"position": line["position"], "quantity": "1"}
    sent = {"kind": "replacement", "invoice_id": invoice["invoice_id"], "lines": [piece]}
    path = f"/v1/cases/{case['case_id']}/remedies"
    desk.do(path, {**sent, "reason": case["subject"]}, by=by)


def _carry_out(desk: Desk, case: Thing, *, by: str) -> None:
    """Credits billing carries out by itself; goods go with the next van."""
    if case["kind"] != "complaint":
        desk.do(f"/v1/cases/{case['case_id']}/execute", {}, by=by)
    for remedy in list(desk.client.list("/v1/remedies", case_id=case["case_id"], status="granted")):
        remedy_id = remedy["remedy_id"]
        if remedy["kind"] != "credit":
            done = {"executed_as": "order", "carried_out_by": "A box with the next van"}
            desk.do(f"/v1/remedies/{remedy_id}/executed", done, by=by)


def _finish(desk: Desk, case: Thing, *, by: str) -> None:
    path = f"/v1/cases/{case['case_id']}"
    contact_id = case["contact_id"] or find_buyer(desk, case["account_id"])
    satisfaction = draw_for(case["subject"], case["received_at"]).choice((3, 4, 4, 5, 5))
    said = {"contact_id": contact_id, "satisfaction": satisfaction}
    desk.do(f"{path}/confirm", said, by=by)
    desk.do(f"{path}/close", {}, by=by)
