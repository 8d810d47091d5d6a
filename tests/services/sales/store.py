"""What tests of goods begin with: products kept in stock, moves, lines that want them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from kernel.ids import new_id
from services.sales.levels.queries import find_levels
from services.sales.reservations import usecases as reservations
from services.sales.reservations.queries import find_kept
from services.sales.reservations.rules import Want
from services.sales.stock import queries, usecases
from services.sales.stock.models import StockMove
from services.sales.stock.rules import MoveKind, NewMove

TODAY = date(2026, 3, 18)
NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)


class Store:
    """Moves goods in one session, on 18 March."""

    def __init__(self, session: Session, shop: Any) -> None:
        self.session, self.shop = session, shop
        self.numbers = count(1)

    def offer(self, **facts: Any) -> str:
        product_id: str = self.shop.offer(**{"is_stocked": True} | facts).product_id
        return product_id

    def new(self, product_id: str, quantity: str, **facts: Any) -> NewMove:
        kind = MoveKind.RECEIPT if Decimal(quantity) > 0 else MoveKind.SHIPMENT
        told: dict[str, Any] = {
            "kind": kind,
            "moved_on": TODAY,
            "key": f"{product_id}:{next(self.numbers)}",
        }
        return NewMove(product_id, Decimal(quantity), **told | facts)

    def move(self, product_id: str, quantity: str, **facts: Any) -> list[StockMove]:
        moment = {name: facts.pop(name) for name in ("today", "now", "spares") if name in facts}
        return self.record([self.new(product_id, quantity, **facts)], **moment)

    def record(self, moves: Sequence[NewMove], **facts: Any) -> list[StockMove]:
        moment: dict[str, Any] = {"today": TODAY, "now": NOW, "by": "kim"}
        return usecases.record_moves(self.session, moves, **moment | facts)

    def plan(self, product_id: str, quantity: str, **facts: Any) -> StockMove:
        now = facts.pop("now", NOW)
        [move] = usecases.plan_moves(
            self.session, [self.new(product_id, quantity, **facts)], now=now, by="kim"
        )
        return move

    def finish(self, *keys: str, **facts: Any) -> list[StockMove]:
        moment: dict[str, Any] = {"moved_on": TODAY, "today": TODAY, "now": NOW, "by": "kim"}
        return usecases.finish_moves(self.session, keys, **moment | facts)

    def cancel(self, *keys: str, now: datetime = NOW) -> list[StockMove]:
        return usecases.cancel_moves(self.session, keys, now=now, by="kim")

    def level(self, product_id: str) -> tuple[str, str, int]:
        """On hand, reserved, value."""
        one = find_levels(self.session, product_ids=[product_id])[product_id]
        return f"{one.on_hand.normalize():f}", f"{one.reserved.normalize():f}", one.value

    def want(self, product_id: str, quantity: str, promised_on: date | None = None) -> Want:
        line_id, account_id, order_id = (new_id(prefix) for prefix in ("orl", "acc", "ord"))
        return Want(line_id, account_id, order_id, product_id, Decimal(quantity), promised_on)

    def reserve(self, *wants: Want, now: datetime = NOW) -> list[Decimal]:
        found = reservations.reserve(self.session, wants, now=now)
        return [found[want.line_id] for want in wants]

    def reserved(self, *wants: Want) -> list[Decimal]:
        """What is reserved of each; they are all that want their products: the levels say the same."""
        kept = find_kept(self.session, line_ids=[want.line_id for want in wants])
        parts = {line_id: one.reserved for line_id, one in kept.items()}
        for product_id in {want.product_id for want in wants}:
            mine = [one for one in kept.values() if one.product_id == product_id]
            total = sum((one.reserved for one in mine), Decimal(0))
            assert self.level(product_id)[1] == f"{total.normalize():f}"
        return [parts.get(want.line_id, Decimal(0)) for want in wants]

    def ship(self, **quantities: str) -> None:
        """Ship so much of lines, by their ids."""
        parts = {line_id: Decimal(quantity) for line_id, quantity in quantities.items()}
        kept = find_kept(self.session, line_ids=parts)
        spares = reservations.use(self.session, parts)
        moves = [self.new(kept[one].product_id, f"-{part}") for one, part in parts.items()]
        self.record(moves, spares=spares)

    def on_hand(self, product_id: str, as_of: date = TODAY, **facts: Any) -> Decimal:
        asked: dict[str, Any] = {"known_at": None, "today": TODAY}
        found = queries.read_on_hand(
            self.session, as_of=as_of, product_ids=[product_id], **asked | facts
        )
        return found.get(product_id, Decimal(0))
