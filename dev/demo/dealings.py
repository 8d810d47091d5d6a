"""A day with one client: onboarding, orders, money, trouble, goods, in this order.

Goods come last: they are invoiced by events, so nothing decided on the same day may hang on them.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from dev.demo import habits
from dev.demo.business import Client, Payer, next_working_day
from dev.demo.desk import Desk, Sight, Thing
from dev.demo.habits import after, draw_for, draw_for_item
from dev.demo.house import who_works_for
from dev.demo.money import bill_ahead, fetch, is_fetched, settle
from dev.demo.monthly import agree
from dev.demo.trading import REFERENCES
from dev.demo.welcome import collect_documents, get_to_know


def deal(desk: Desk, client: Client, owner_id: str, sight: Sight) -> None:
    """Do all that is to be done with a client today."""
    account = sight.accounts.get(client.number)
    if account is None:
        if desk.day >= client.opens_on:
            _open_account(desk, client, owner_id)
        return
    account_id = account["account_id"]
    if account["status"] == "onboarding":
        _onboard(desk, client, account_id, sight)
        return
    for draft in _usual(sight.drafts.get(account_id, ())):
        _try_again(desk, client, account, draft)
    if account["status"] == "active":
        _take_order(desk, client, account_id)
        agree(desk, client, account_id)
    items = sight.items.get(account_id, [])
    if is_fetched(client):
        fetch(desk, client, account_id, items, sight.debits.get(account_id, ()))
    else:
        _take_money(desk, client, account_id, items)
    for item in items:
        _correct_invoice(desk, item)
        settle(desk, client, item)
    for placement in sight.placements.get(account_id, ()):
        _collect(desk, client, placement, items)
    for order in _usual(sight.orders.get(account_id, ())):
        bill_ahead(desk, order)
        _send_goods(desk, order)


def _usual(orders: Iterable[Thing]) -> Iterator[Thing]:
    """Those that are not of the story."""
    return (one for one in orders if one["reference"] not in REFERENCES)


def _open_account(desk: Desk, client: Client, owner_id: str) -> None:
    account = desk.do(
        "/v1/accounts",
        {
            "number": client.number,
            "name": client.name,
            "country": client.country,
            "currency": client.currency,
            "language": client.language,
            "time_zone": client.time_zone,
            "net_days": client.net_days,
            "credit_limit": client.credit_limit,
            "email": f"office@{client.slug}.example",
            "preferred_channel": client.channel,
            "tier": client.tier,
            "owner_id": owner_id,
        },
    )
    path = f"/v1/accounts/{account['account_id']}"
    people = (
        (client.payer_name, "payer", client.payer_phone),
        (client.buyer_name, "decision_maker", client.buyer_phone),
    )
    for name, role, phone in people:
        mail = f"{name.lower().replace(' ', '.')}@{client.slug}.example"
        phones = [{"kind": "office", "number": phone}]
        contact = {"name": name, "email": mail, "roles": [role], "phones": phones}
        desk.do(f"{path}/contacts", contact)
    desk.do(f"{path}/addresses", client.address)
    desk.do(f"{path}/begin-onboarding")


def _onboard(desk: Desk, client: Client, account_id: str, sight: Sight) -> None:
    if collect_documents(desk, client, account_id):
        desk.do(f"/v1/accounts/{account_id}/activate")
        by = who_works_for(client.manager, desk.day)
        get_to_know(desk, client, account_id, sight, by=by)


def _take_order(desk: Desk, client: Client, account_id: str) -> None:
    order = habits.choose_order(client, desk.day)
    if order is not None:
        made = desk.do("/v1/orders", {"account_id": account_id, **order})
        desk.is_done(f"/v1/orders/{made['order_id']}/confirm")


def _try_again(desk: Desk, client: Client, account: Thing, draft: Thing) -> None:
    """An order that credit forbade is tried once more; its manager may raise the limit of a client who
    pays well. After three weeks it is cancelled."""
    path = f"/v1/orders/{draft['order_id']}"
    if desk.day == after(draft["ordered_on"], 7):
        if client.payer in (Payer.PROMPT, Payer.IN_LUMPS) and account["credit_limit"] is not None:
            limit = {"credit_limit": account["credit_limit"] * 2}
            desk.do(f"/v1/accounts/{account['account_id']}", limit, verb="PATCH")
        else:
            desk.is_done(f"{path}/confirm")
    elif desk.day == after(draft["ordered_on"], 10):
        desk.is_done(f"{path}/confirm")
    elif desk.day >= after(draft["ordered_on"], 21):
        desk.do(f"{path}/cancel", {"reason": "Credit was not granted within three weeks."})


def _take_money(desk: Desk, client: Client, account_id: str, items: list[Thing]) -> None:
    payment = habits.choose_payment(client, items, desk.day)
    if payment is not None:
        desk.do("/v1/payments", {"account_id": account_id, **payment})
    if client.payer == Payer.BY_CHEQUE and desk.day.weekday() == 2:
        _bounce_third_cheque(desk, account_id)
    if client.payer == Payer.TOO_MUCH and desk.day.weekday() == 4:
        _give_back(desk, client, account_id)


def _bounce_third_cheque(desk: Desk, account_id: str) -> None:
    payments = sorted(
        desk.client.list("/v1/payments", account_id=account_id), key=lambda one: one["value_date"]
    )
    if len(payments) < 3 or payments[2]["status"] == "reversed":
        return
    if date.fromisoformat(payments[2]["value_date"]) <= desk.day - timedelta(days=5):
        path = f"/v1/payments/{payments[2]['payment_id']}/reverse"
        desk.do(path, {"reason": "The bank returned the cheque unpaid."})


def _give_back(desk: Desk, client: Client, account_id: str) -> None:
    """What was paid too much is given back after two weeks, or set against the next invoices."""
    for payment in list(
        desk.client.list("/v1/payments", account_id=account_id, status="unapplied")
    ):
        path = f"/v1/payments/{payment['payment_id']}"
        if date.fromisoformat(payment["value_date"]) > desk.day - timedelta(days=14):
            continue
        if draw_for(client.number, payment["value_date"]).random() < 0.5:
            refund = {"amount": payment["unapplied"], "reason": "The client had paid too much."}
            desk.do(f"{path}/refunds", refund)
        else:
            desk.do(f"{path}/allocate-oldest-first")


def _correct_invoice(desk: Desk, item: Thing) -> None:
    """Few invoices of shipments are wrong, and voided the day after."""
    is_wrong = draw_for_item(item).random() < 0.025 and item["balance"] == item["amount"]
    if is_wrong and desk.day == after(item["issued_on"], 1):
        path = f"/v1/invoices/{item['invoice_id']}"
        if desk.client.get(path)["shipment_id"] is None:
            return
        desk.do(f"{path}/void", {"reason": "Wrong prices; invoiced anew."})
        _invoice_anew(desk, desk.client.get(path))


def _invoice_anew(desk: Desk, wrong: Thing) -> None:
    lines = [
        {
            "description": line["description"],
            "quantity": line["quantity"],
            "unit_price": line["unit_price"] * 95 // 100,
            "tax_percent": line["tax_percent"],
        }
        for line in wrong["lines"]
        if line["advance_id"] is None
    ]
    same = {name: wrong[name] for name in ("account_id", "currency", "order_id")}
    draft = desk.do("/v1/invoices", {**same, "lines": lines})
    desk.do(f"/v1/invoices/{draft['invoice_id']}/issue")


def _collect(desk: Desk, client: Client, placement: Thing, items: list[Thing]) -> None:
    """Collections takes a debt over, sends the first of some clients back, and calls the client."""
    path = f"/v1/placements/{placement['placement_id']}"
    if placement["status"] == "returned":
        if desk.day.weekday() == 3:
            desk.do(f"{path}/propose")
        return
    if desk.day.weekday() != 1 or placement["status"] not in ("proposed", "in_collections"):
        return
    moves = desk.client.get(path)["moves"]
    if placement["status"] == "proposed":
        was_returned = any(move["status"] == "returned" for move in moves)
        if client.payer == Payer.WHEN_PRESSED and not was_returned:
            desk.do(f"{path}/return", {"reason": "The signed contract is missing."})
        else:
            desk.do(f"{path}/accept")
    elif client.payer == Payer.WHEN_PRESSED:
        accepted_on = date.fromisoformat(moves[-1]["moved_at"][:10])
        if desk.day >= accepted_on + timedelta(days=21):
            _pay_all(desk, client, placement["account_id"], items)


def _pay_all(desk: Desk, client: Client, account_id: str, items: list[Thing]) -> None:
    payment = {
        "account_id": account_id,
        "currency": client.currency,
        "amount": sum(item["balance"] for item in items),
        "value_date": str(desk.day),
        "method": "transfer",
    }
    desk.do("/v1/payments", payment)


def _send_goods(desk: Desk, order: Thing) -> None:
    """Send an order, some in two parts; give up what credit has not let through for a month."""
    draw = draw_for(order["reference"])
    first = next_working_day(
        date.fromisoformat(order["ordered_on"]) + timedelta(draw.randint(2, 5))
    )
    is_in_parts = draw.random() < 0.35
    rest = after(first, draw.randint(5, 9))
    if desk.day < first or (order["status"] == "processing" and desk.day < rest):
        return
    path = f"/v1/orders/{order['order_id']}"
    body: dict[str, Any] = {}
    if is_in_parts and order["status"] == "confirmed" and desk.day < rest:
        lines = desk.client.get(path)["lines"]
        body["lines"] = [
            {"line_id": line["line_id"], "quantity": line["open"]} for line in lines[:-1] or lines
        ]
    is_sent = desk.is_done(f"{path}/shipments", body)
    if not is_sent and desk.day >= after(order["ordered_on"], 35):
        desk.do(f"{path}/cancel", {"reason": "Not paid for what was sent before."})
