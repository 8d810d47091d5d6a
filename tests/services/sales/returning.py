"""What tests of returns begin with: goods that were sold, and what is done when they come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from kernel.ids import new_id
from kernel.refusals import Refusal
from services.sales.dispatches.usecases import send_shipment
from services.sales.orders.models import Order
from services.sales.return_answers import usecases as answers
from services.sales.return_causes import usecases as causes
from services.sales.return_credits import usecases as heard
from services.sales.return_parts import usecases as parts
from services.sales.return_reviews.usecases import review_returns
from services.sales.returns import usecases as returns
from services.sales.returns.models import Return
from services.sales.stock.queries import read_on_hand


def code_of(act: Callable[[], object]) -> str | None:
    """The code that it is refused with; none if it is not."""
    try:
        act()
    except Refusal as refused:
        return refused.code if refused.detail.endswith(".") else "no sentence"
    return None


class Desk:
    """Takes goods back in one session: 24.00 less 10 %, 20 % tax, kept in stock, unless said
    otherwise."""

    def __init__(self, shop: Any, **product: Any) -> None:
        self.shop, self.session = shop, shop.session
        self.now: datetime = shop.now
        offered: dict[str, Any] = {"unit_price": 2400, "tax_percent": Decimal(20)}
        self.product = shop.offer(**offered | {"is_stocked": False} | product)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def moment(self) -> dict[str, Any]:
        return {"today": self.today, "now": self.now, "by": "kim"}

    @property
    def heard(self) -> dict[str, Any]:
        return {"today": self.today, "now": self.now, "by": "billing"}

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    def sell(self, quantity: str = "8", *more: dict[str, Any], sent: str | None = "") -> Order:
        """An order of an account's, all of it sent unless less is."""
        line = self.shop.line(self.product, quantity, discount_percent=Decimal(10))
        order: Order = self.shop.confirm(self.shop.draft(self.shop.open_account(), line, *more))
        if sent is not None:
            self.send(order, sent or quantity)
        return order

    def send(self, order: Order, quantity: str) -> None:
        lines = [{"line_id": order.lines[0].line_id, "quantity": Decimal(quantity)}]
        moment: dict[str, Any] = {"today": self.shop.today, "now": self.shop.now, "by": "kim"}
        send_shipment(self.session, order_id=order.order_id, lines=lines, shipped_on=None, **moment)

    def send_all(self, order: Order) -> None:
        moment: dict[str, Any] = {"today": self.shop.today, "now": self.shop.now, "by": "kim"}
        send_shipment(self.session, order_id=order.order_id, lines=None, shipped_on=None, **moment)

    def ask(self, order: Order, quantity: str = "3", **facts: Any) -> Return:
        lines = [{"line_id": order.lines[0].line_id, "quantity": Decimal(quantity)}]
        said = {"lines": lines, "resolution": "credit", "reason": "Too low."} | facts
        return returns.request_return(self.session, order_id=order.order_id, **said, **self.moment)

    def authorise(self, found: Return, **facts: Any) -> Return:
        said = {"expires_on": None, "note": None} | facts
        return returns.authorise_return(
            self.session, return_id=found.return_id, **said, **self.moment
        )

    def post(self, found: Return, **facts: Any) -> Return:
        said = {"sent_on": None, "carrier": "DHL", "tracking_number": "17"} | facts
        return returns.send_return(self.session, return_id=found.return_id, **said, **self.moment)

    def decline(self, found: Return) -> Return:
        how: dict[str, Any] = {"reason": "Made to measure.", "now": self.now, "by": "kim"}
        return returns.decline_return(self.session, return_id=found.return_id, **how)

    def close(self, found: Return) -> Return:
        how: dict[str, Any] = {"reason": "They keep it.", "now": self.now, "by": "kim"}
        return returns.close_return(self.session, return_id=found.return_id, **how)

    def receive(
        self,
        found: Return,
        quantity: str | None = None,
        *,
        on: date | None = None,
        place_id: str | None = None,
    ) -> Return:
        lines = None
        if quantity is not None:
            line_id = found.lines[0].line_id
            lines = [{"line_id": line_id, "quantity": Decimal(quantity)}]
        said: dict[str, Any] = {"lines": lines, "received_on": on, "place_id": place_id}
        return parts.receive_return(self.session, return_id=found.return_id, **said, **self.moment)

    def inspect(self, found: Return, *fate: str, part: int | None = None) -> Return:
        """What is restocked, scrapped and rejected."""
        names = ("restock", "scrap", "reject")
        said = dict.fromkeys(names, Decimal(0)) | dict(zip(names, map(Decimal, fate), strict=False))
        lines = [{"line_id": found.lines[0].line_id, **said}]
        said_: dict[str, Any] = {"part": part, "lines": lines, "note": None}
        return parts.inspect_part(self.session, return_id=found.return_id, **said_, **self.moment)

    def undo(self, found: Return, part: int = 1) -> Return:
        said: dict[str, Any] = {"part": part, "reason": "Another parcel."}
        return parts.undo_inspection(self.session, return_id=found.return_id, **said, **self.moment)

    def refuse(self, found: Return) -> Return:
        return parts.reject_rest(
            self.session, return_id=found.return_id, reason="Used.", **self.moment
        )

    def credit(self, found: Return, fee: str = "0") -> Return:
        how: dict[str, Any] = {"note": None, "now": self.now, "by": "kim"}
        return answers.credit_return(
            self.session,
            return_id=found.return_id,
            restocking_fee_percent=Decimal(fee),
            **how,
        )

    def replace(self, found: Return) -> Return:
        return answers.replace_return(
            self.session, return_id=found.return_id, note=None, **self.moment
        )

    def settle(self, found: Return, part: int = 1, *note_ids: str) -> None:
        """Hear that billing credited a part."""
        told = {"return_id": found.return_id, "part": part, "credit_note_ids": [*note_ids]}
        heard.settle_returns(self.session, [told], now=self.now, by="billing")

    def not_credited(self, found: Return, part: int = 1) -> None:
        self.none_credited([{"return_id": found.return_id, "part": part}])

    def none_credited(self, parts: Sequence[Mapping[str, Any]]) -> None:
        """Hear that billing cannot credit these parts."""
        said = {"reason": "Nothing is billed; credit it by hand."}
        heard.note_not_credited(self.session, [{**one, **said} for one in parts], **self.heard)

    def note(self, found: Return, key: str, part: int = 1, *, is_void: bool = False) -> None:
        """Hear of a credit note that names the return, or that it is void."""
        told = {"credit_note_id": key, "number": "CN-1", "return_id": found.return_id}
        notes = [{**told, "return_part": part}]
        if is_void:
            heard.take_voids(self.session, notes, **self.heard)
        else:
            heard.take_notes(self.session, notes, now=self.now, by="billing")

    def review(self) -> None:
        review_returns(self.session, day=self.today, now=self.now, by="sales")

    def open_ordered(self, order: Order) -> None:
        causes.open_ordered(self.session, order_ids=[order.order_id], **self.moment)

    def grant(self, order: Order, *lines: dict[str, Any], **facts: Any) -> str:
        """Hear of a remedy of the order's first line; its id."""
        line = {"position": 1, "order_line_id": order.lines[0].line_id, "description": "Chair"}
        line |= {"quantity": Decimal(2), "unit_price": 2160, "is_returned": True}
        told: dict[str, Any] = {"remedy_id": new_id("rem"), "kind": "return", "cause": "Broken"}
        told |= {"account_id": order.account_id, "lines": [line | one for one in lines or ({},)]}
        told |= facts
        causes.answer_remedy(self.session, **told, **self.moment)
        return str(told["remedy_id"])

    def on_hand(self) -> Decimal:
        found = read_on_hand(
            self.session,
            as_of=self.today,
            known_at=None,
            today=self.today,
            product_ids=[self.product.product_id],
        )
        return found.get(self.product.product_id, Decimal(0))

    def told(self, name: str) -> list[dict[str, Any]]:
        """What was announced under a name."""
        announced = self.session.info.get("announced", [])
        return [data for event, data, *_ in announced if event.name == name]

    def quantities(self, found: Return) -> dict[str, str]:
        """Those of its first line that are not 0."""
        one = found.lines[0].quantities
        names = ("asked", "dropped", "received", "restocked", "scrapped", "rejected")
        amounts = {name: getattr(one, name) for name in (*names, "credited", "replaced")}
        return {name: f"{many.normalize():f}" for name, many in amounts.items() if many}
