"""What becomes of a bill besides being paid: it is made ahead, fetched, given time, or lowered."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from dev.demo.business import Client, Payer
from dev.demo.desk import Desk, Thing
from dev.demo.habits import after, draw_for

FETCHED_ON = 1
"""Tuesday."""

BANK_FEE = 4_50
"""What the bank takes for a debit that fails, in cents or pence."""

BILLED_AHEAD = "ESPR-2"
AHEAD_PERCENT = 30
"""Of a machine that dear so much is billed the day after it is ordered."""


def is_fetched(client: Client) -> bool:
    """Whether a client has its bills fetched by direct debit."""
    return client.payer == Payer.PROMPT and draw_for(client.number, "debit").random() < 0.3


def fetch(
    desk: Desk, client: Client, account_id: str, items: Sequence[Thing], debits: Sequence[Thing]
) -> None:
    """On Tuesdays what is due is fetched; what comes of it the bank says the day after."""
    for debit in debits:
        path = f"/v1/debits/{debit['debit_id']}"
        if draw_for(client.number, debit["submitted_at"][:10]).random() < 0.1:
            desk.do(f"{path}/fail", {"reason": "Insufficient funds.", "fee": BANK_FEE})
        else:
            desk.do(f"{path}/succeed")
    today = str(desk.day)
    is_due = any(item["due_date"] <= today and item["askable"] for item in items)
    if is_due and not debits and desk.day.weekday() == FETCHED_ON:
        debit = desk.do("/v1/debits", {"account_id": account_id, "currency": client.currency})
        for verb in ("approve", "send"):
            desk.do(f"/v1/debits/{debit['debit_id']}/{verb}")


def bill_ahead(desk: Desk, order: Thing) -> None:
    """A part of the price of a dear machine is billed before it is sent."""
    if order["status"] != "confirmed" or desk.day != after(order["ordered_on"], 1):
        return
    lines = desk.client.get(f"/v1/orders/{order['order_id']}")["lines"]
    ahead = [
        {
            "description": f"{AHEAD_PERCENT} % ahead of: {line['description']}",
            "quantity": str(Decimal(line["quantity"]) * AHEAD_PERCENT / 100),
            "unit_price": line["unit_price"],
            "tax_percent": line["tax_percent"],
        }
        for line in lines
        if line["sku"] == BILLED_AHEAD
    ]
    if ahead:
        named = {name: order[name] for name in ("account_id", "currency", "order_id")}
        draft = desk.do("/v1/invoices", {**named, "lines": ahead})
        desk.do(f"/v1/invoices/{draft['invoice_id']}/issue")


def list_goods(invoice: Thing) -> list[Thing]:
    """The lines of an invoice that bill what was sent."""
    is_of_goods = invoice["order_id"] is None or invoice["shipment_id"] is not None
    return [
        line
        for line in invoice["lines"]
        if is_of_goods and line["advance_id"] is None and line["service_from"] is None
    ]


def settle(desk: Desk, client: Client, item: Thing) -> None:
    """Of what nothing is paid yet some clients ask for time, and now and then a piece is broken."""
    if item["kind"] != "invoice" or item["balance"] != item["amount"]:
        return
    luck = draw_for(item["account_number"], item["issued_on"], item["amount"], "settle").random()
    if client.payer == Payer.VERY_LATE and luck > 0.8 and desk.day == after(item["due_date"], 3):
        _give_time(desk, item)
    elif luck < 0.03 and desk.day == after(item["issued_on"], 4):
        _credit_piece(desk, item)


def _give_time(desk: Desk, item: Thing) -> None:
    half = item["balance"] // 2
    parts = ((half, 30), (item["balance"] - half, 60))
    instalments = [
        {"amount": amount, "due_date": str(desk.day + timedelta(days=days))}
        for amount, days in parts
    ]
    body = {"instalments": instalments, "reason": "The client asked for time."}
    desk.do(f"/v1/items/{item['item_id']}/reschedule", body)


def _credit_piece(desk: Desk, item: Thing) -> None:
    path = f"/v1/invoices/{item['invoice_id']}"
    for line in list_goods(desk.client.get(path))[:1]:
        piece = {"position": line["position"], "quantity": "1"}
        desk.do(f"{path}/credit-notes", {"lines": [piece], "reason": "One came broken."})
