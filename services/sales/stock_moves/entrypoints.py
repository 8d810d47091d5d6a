"""The ways into stock moves."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.sales.stock_moves import queries, schemas, usecases


class StockMoves:
    """Goods that come in, go out, and change their place."""

    @command(
        "POST /v1/stock-moves/receive",
        schemas.Receive,
        returns=schemas.Received,
        scope="sales:write",
        reach=Reach.EVERYTHING,
        seconds_max=60,
    )
    def receive_goods(self, session, **values):
        """Take goods in, up to 1,000 receipts at once. Each is received or refused by itself: a refused
        one is reported with its place and the reason, and the others are received all the same.

        A receipt with a cost changes the product's average cost; without one it comes in at that. What
        a line waits for goes to it, the oldest promise first. One with a `reference` is received once:
        a delivery may be sent again, whole or in other parts. Refused with `reference_used` where the
        product came under it before in another quantity, lot or place."""
        return usecases.receive_goods(session, **self._moment_of_move(), **values)

    @command(
        "POST /v1/stock-moves/scrap",
        schemas.Scrap,
        returns=schemas.StockMove,
        scope="sales:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def scrap_goods(self, session, **values):
        """Throw goods away. Refused with `out_of_stock` where so many are not there, or are reserved, and
        with `period_closed` for a day in a closed period."""
        return usecases.scrap_goods(session, **self._moment_of_move(), **values)

    @command(
        "POST /v1/stock-moves/transfer",
        schemas.Transfer,
        returns=schemas.StockMoves,
        scope="sales:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def transfer_goods(self, session, **values):
        """Move goods from one place to another: two moves of one cause. Refused with `out_of_stock` where
        there are not so many."""
        return usecases.transfer_goods(session, **self._moment_of_move(), **values)

    @command(
        "POST /v1/stock-moves/plan",
        schemas.PlanGoods,
        returns=schemas.StockMoves,
        scope="sales:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def plan_goods(self, session, **values):
        """Plan what is to come in or go out, all or none. It counts in what is on hand on its day and
        after, as long as that day is not over; it moves nothing until it is finished."""
        return usecases.plan_goods(session, now=self.clock.now(), by=self.caller.subject, **values)

    @command(
        "POST /v1/stock-moves/{move_id}/finish",
        schemas.FinishMove,
        returns=schemas.StockMove,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def finish_move(self, session, **values):
        """Have a planned move done, on whatever day. Refused with `move_done` or `move_cancelled` where
        it is not planned any more, with `move_of_another` where it belongs to something that finishes
        it, and as if it were moved without a plan."""
        return usecases.finish_move(session, **self._moment_of_move(), **values)

    @command(
        "POST /v1/stock-moves/{move_id}/cancel",
        schemas.MovePath,
        returns=schemas.StockMove,
        scope="sales:write",
        reach=Reach.EVERYTHING,
    )
    def cancel_move(self, session, **values):
        """Give up a planned move. Refused with `move_done`, `move_cancelled` and `move_of_another`;
        what is done is undone by a move the other way."""
        return usecases.cancel_move(session, now=self.clock.now(), by=self.caller.subject, **values)

    @query(
        "GET /v1/stock-moves/{move_id}",
        schemas.MovePath,
        returns=schemas.StockMove,
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def get_stock_move(self, session, **values):
        """Read one stock move, planned, done or cancelled."""
        return queries.get_move(session, **values)

    @query(
        "GET /v1/stock-moves",
        schemas.MoveQuery,
        returns=page_of(schemas.StockMove),
        scope="sales:read",
        reach=Reach.SHARED,
    )
    def list_stock_moves(self, session, **values):
        """List stock moves, the last day first, and of a day what was entered last."""
        return queries.list_moves(session, **values)

    def _moment_of_move(self):
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }
