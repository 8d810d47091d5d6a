"""Four orders that go another way than most: one that comes late, one of which some come back, one beyond
what credit allows, and one that leaves as it is paid for.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from dev.demo.desk import Desk, Thing
from dev.demo.house import STOREKEEPER, who_leads, who_works_for
from dev.demo.stockroom import MUGS, TUMBLERS

LATE, RETURNED = "PO-C1009-TUMBLERS", "PO-C1015-MUGS"
BEYOND, PAID = "PO-C1016-GRINDERS", "PO-C1017-KITS"
REFERENCES = frozenset({LATE, RETURNED, BEYOND, PAID})
"""By which the clients call them: the number of whose it is is in each."""

PROMISED_ON, MOVED_TO = date(2025, 3, 17), date(2025, 3, 28)
RECEPTION = "Reception"

Deed = Callable[[Desk], None]


def find_deeds(day: date) -> Iterator[Deed]:
    """What is done of these orders on a day."""
    return (deed for on, deed in _DEEDS if on == day)


def _find_account(desk: Desk, reference: str) -> tuple[Thing, str]:
    """Whose order it is, and who looks after them today."""
    number = reference.split("-")[1]
    account = next(one for one in desk.client.list("/v1/accounts") if one["number"] == number)
    return account, who_works_for(desk.name_of(account["owner_id"]), desk.day)


def _find_orders(desk: Desk, reference: str) -> list[Thing]:
    """The order, and what was ordered in its goods' place, the newest first."""
    account, _ = _find_account(desk, reference)
    orders = desk.client.list("/v1/orders", account_id=account["account_id"])
    return [one for one in orders if one["reference"] == reference]


def _find_order(desk: Desk, reference: str) -> Thing:
    return next(one for one in _find_orders(desk, reference) if one["replaces_return_id"] is None)


def _order(desk: Desk, reference: str, line: Thing, **terms: str) -> str:
    """Draft it; its path."""
    account, by = _find_account(desk, reference)
    named = {"account_id": account["account_id"], "reference": reference, "lines": [line]}
    order = desk.do("/v1/orders", {**named, **terms}, by=by)
    return f"/v1/orders/{order['order_id']}"


def _buy(reference: str, line: Thing, desk: Desk, **terms: str) -> None:
    _, by = _find_account(desk, reference)
    desk.do(f"{_order(desk, reference, line, **terms)}/confirm", by=by)


def _send(reference: str, desk: Desk) -> None:
    """All of the order that may go leaves in one step."""
    for order in _find_orders(desk, reference)[:1]:
        desk.do(f"/v1/orders/{order['order_id']}/shipments", by=STOREKEEPER)


def _arrive(reference: str, desk: Desk) -> None:
    """What was sent last is there."""
    order = _find_orders(desk, reference)[0]
    shipments = desk.client.list(f"/v1/orders/{order['order_id']}/shipments")
    sent = [one for one in shipments if one["status"] in ("shipped", "delivered")][-1]
    said = {"received_by": RECEPTION, "proof": f"Signed for {sent['number']}"}
    desk.do(f"/v1/shipments/{sent['shipment_id']}/deliver", said, by=STOREKEEPER)


def _send_half(desk: Desk) -> None:
    """Of 40 there are 20; they are reserved, picked and sent, each by itself, with their papers."""
    order = _find_order(desk, LATE)
    [line] = desk.client.get(f"/v1/orders/{order['order_id']}")["lines"]
    half = [{"line_id": line["line_id"], "quantity": "20"}]
    drafted = desk.do(
        "/v1/shipments", {"order_id": order["order_id"], "lines": half}, by=STOREKEEPER
    )
    path, number = f"/v1/shipments/{drafted['shipment_id']}", drafted["number"]
    desk.do(f"{path}/assign", by=STOREKEEPER)
    desk.leave(f"{number} pick list.pdf", f"{path}/pick-list")
    for verb in ("pick", "ship"):
        desk.do(f"{path}/{verb}", by=STOREKEEPER)
    desk.leave(f"{number}.pdf", f"{path}/delivery-note")


def _tell(desk: Desk) -> None:
    """The rest is on the morning's list: the client is told, and promised another day."""
    order = _find_order(desk, LATE)
    path, (_, by) = f"/v1/orders/{order['order_id']}", _find_account(desk, LATE)
    for late in list(desk.client.list("/v1/late-shipments", account_id=order["account_id"])):
        if late["status"] == "due":
            told = {"note": "Friday the 28th will do."}
            desk.do(f"/v1/late-shipments/{late['late_shipment_id']}/told", told, by=by)
    [line] = desk.client.get(path)["lines"]
    anew = {"line_id": line["line_id"], "promised_on": str(MOVED_TO)}
    reason = "The supplier sends the rest on 26 March."
    desk.do(f"{path}/promises", {"lines": [anew], "reason": reason}, by=by)


def _ask_back(quantity: str, reason: str, desk: Desk, *, resolution: str = "credit") -> str:
    """A client wants to send some back; the path of the return."""
    order, (_, by) = _find_order(desk, RETURNED), _find_account(desk, RETURNED)
    line = {"line_id": _find_line(desk, order), "quantity": quantity}
    asked = {"order_id": order["order_id"], "lines": [line], "reason": reason}
    back = desk.do("/v1/returns", {**asked, "resolution": resolution}, by=by)
    return f"/v1/returns/{back['return_id']}"


def _find_line(desk: Desk, order: Thing) -> str:
    return str(desk.client.get(f"/v1/orders/{order['order_id']}")["lines"][0]["line_id"])


def _let_come(quantity: str, reason: str, resolution: str, desk: Desk) -> None:
    path = _ask_back(quantity, reason, desk, resolution=resolution)
    desk.do(f"{path}/authorise", by=_find_account(desk, RETURNED)[1])


def _ask_more(desk: Desk) -> None:
    """Nobody decides it before the year is over."""
    _ask_back("1", "They have one too many.", desk)


def _find_return(desk: Desk) -> str:
    """The one that was asked for last."""
    account, _ = _find_account(desk, RETURNED)
    back = next(iter(desk.client.list("/v1/returns", account_id=account["account_id"])))
    return f"/v1/returns/{back['return_id']}"


def _post_back(desk: Desk) -> None:
    by = _find_account(desk, RETURNED)[1]
    desk.do(f"{_find_return(desk)}/send", {"carrier": "Österreichische Post"}, by=by)


def _inspect(fate: Thing, note: str, desk: Desk) -> None:
    path, line_id = _find_return(desk), _find_line(desk, _find_order(desk, RETURNED))
    desk.do(f"{path}/receive", by=STOREKEEPER)
    said = {"lines": [{"line_id": line_id, **fate}], "note": note}
    desk.do(f"{path}/inspect", said, by=STOREKEEPER)


def _credit(desk: Desk) -> None:
    """What is good again is credited, less what it costs to put it on the shelf."""
    fee = {"restocking_fee_percent": "5"}
    desk.do(f"{_find_return(desk)}/credit", fee, by=_find_account(desk, RETURNED)[1])


def _replace(desk: Desk) -> None:
    _inspect({"scrap": "1"}, "A handle is off.", desk)
    desk.do(f"{_find_return(desk)}/replace", by=_find_account(desk, RETURNED)[1])


def _ask_too_much(desk: Desk) -> None:
    """Credit forbids it, and so it stays a draft."""
    path = _order(desk, BEYOND, {"sku": "GRIND-PRO", "quantity": "4"})
    if desk.is_done(f"{path}/confirm"):
        desk.failures.append(f"{desk.day}: {BEYOND} was confirmed beyond the credit limit.")


def _let_pass(desk: Desk) -> None:
    """The lead of whoever looks after the client lets it pass, until a day."""
    path, (_, by) = (
        f"/v1/orders/{_find_order(desk, BEYOND)['order_id']}",
        _find_account(desk, BEYOND),
    )
    reason = "They open a second spa, and have paid every bill in time."
    granted = {"reason": reason, "until": str(desk.day + timedelta(days=3))}
    desk.do(f"{path}/credit-override", granted, by=who_leads(by))
    desk.do(f"{path}/confirm", by=by)


def _void(desk: Desk) -> None:
    """The client wants two bills instead of one."""
    by = _find_account(desk, PAID)[1]
    for invoice in _list_bills(desk):
        reason = {"reason": "They want two bills: of six kits now, and of three later."}
        desk.do(f"/v1/invoices/{invoice['invoice_id']}/void", reason, by=by)


def _bill_in_two(desk: Desk) -> None:
    path, (_, by) = f"/v1/orders/{_find_order(desk, PAID)['order_id']}", _find_account(desk, PAID)
    line_id = _find_line(desk, _find_order(desk, PAID))
    for quantity in ("6", "3"):
        lines = [{"line_id": line_id, "quantity": quantity}]
        bill = desk.do(f"{path}/bills", {"lines": lines}, by=by)
        desk.do(f"/v1/order-bills/{bill['bill_id']}/ask", by=by)


def _pay_six(desk: Desk) -> None:
    six = max(_list_bills(desk), key=lambda one: one["total"])
    payment = {
        "account_id": six["account_id"],
        "currency": six["currency"],
        "amount": six["total"],
        "value_date": str(desk.day),
        "method": "transfer",
        "instruction": [{"invoice_id": six["invoice_id"], "amount": six["total"]}],
    }
    desk.do("/v1/payments", payment)


def _list_bills(desk: Desk) -> list[Thing]:
    """The invoices of the order that is shipped on payment, but for that which was wrong."""
    invoices = desk.client.list("/v1/invoices", order_id=_find_order(desk, PAID)["order_id"])
    return [one for one in invoices if one["status"] != "void"]


_TUMBLERS = {"sku": TUMBLERS.sku, "quantity": "40", "promised_on": str(PROMISED_ON)}
_MUGS = {"sku": MUGS.sku, "quantity": "8", "discount_percent": "10"}
_KITS = {"sku": "CLEAN-KIT", "quantity": "9"}
_DEEDS: tuple[tuple[date, Deed], ...] = (
    (date(2025, 3, 4), partial(_buy, LATE, _TUMBLERS)),
    (date(2025, 3, 5), _send_half),
    (date(2025, 3, 7), partial(_arrive, LATE)),
    (date(2025, 3, 14), _tell),
    (date(2025, 3, 26), partial(_send, LATE)),
    (date(2025, 3, 28), partial(_arrive, LATE)),
    (date(2025, 4, 8), partial(_buy, RETURNED, _MUGS)),
    (date(2025, 4, 9), partial(_send, RETURNED)),
    (date(2025, 4, 11), partial(_arrive, RETURNED)),
    (date(2025, 4, 24), partial(_let_come, "3", "Smaller than they thought.", "credit")),
    (date(2025, 4, 28), _post_back),
    (date(2025, 4, 30), partial(_inspect, {"restock": "2", "reject": "1"}, "One was used.")),
    (date(2025, 5, 2), _credit),
    (date(2025, 5, 19), partial(_buy, PAID, _KITS, bills_on="order", ships_on="payment")),
    (date(2025, 5, 20), _void),
    (date(2025, 5, 21), _bill_in_two),
    (date(2025, 5, 23), _pay_six),
    (date(2025, 5, 26), partial(_send, PAID)),
    (date(2025, 6, 3), partial(_let_come, "1", "A mug came without its handle.", "replacement")),
    (date(2025, 6, 10), _replace),
    (date(2025, 6, 11), partial(_send, PAID)),
    (date(2025, 6, 12), partial(_send, RETURNED)),
    (date(2025, 10, 6), _ask_too_much),
    (date(2025, 10, 7), _let_pass),
    (date(2025, 10, 9), partial(_send, BEYOND)),
    (date(2025, 12, 22), _ask_more),
)
