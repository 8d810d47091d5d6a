"""The ways into debits."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.billing.debits import queries, schemas, usecases
from services.billing.debits.rules import DebitAction

_DEBIT: dict[str, Any] = {
    "returns": schemas.Debit,
    "scope": "billing:write",
    "reach": Reach.ACCOUNT,
}


class Debits:
    """Money that we fetch."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/debits",
        schemas.NewDebit,
        returns=schemas.Debit,
        scope="billing:write",
        status=201,
    )
    def submit_debit(self, session: Any, **values: Any) -> Any:
        """Submit a debit of what is due and may be asked for, or of the items named. As long as it is on
        its way, so much of them is `in_flight` and not asked for again."""
        return usecases.submit_debit(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/debits",
        schemas.DebitQuery,
        returns=page_of(schemas.Debit),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_debits(self, session: Any, **values: Any) -> Any:
        """Debits of one account or all, newest first."""
        return queries.list_debits(session, **values)

    @query(
        "GET /v1/debits/{debit_id}",
        schemas.DebitPath,
        returns=schemas.Debit,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_debit(self, session: Any, **values: Any) -> Any:
        """One debit, with what it fetches of which item."""
        return queries.get_debit(session, **values)

    @command("POST /v1/debits/{debit_id}/approve", schemas.DebitPath, **_DEBIT)
    def approve_debit(self, session: Any, **values: Any) -> Any:
        """Approve a submitted debit: it may be sent to the bank."""
        return self._move(session, DebitAction.APPROVE, **values)

    @command("POST /v1/debits/{debit_id}/send", schemas.DebitPath, **_DEBIT)
    def send_debit(self, session: Any, **values: Any) -> Any:
        """Note that an approved debit was sent to the bank: it cannot be cancelled any more."""
        return self._move(session, DebitAction.SEND, **values)

    @command("POST /v1/debits/{debit_id}/cancel", schemas.DebitEnded, **_DEBIT)
    def cancel_debit(self, session: Any, **values: Any) -> Any:
        """Cancel a debit that was not sent: what it was to fetch may be asked for again."""
        return usecases.cancel_debit(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command("POST /v1/debits/{debit_id}/succeed", schemas.DebitSucceeded, **_DEBIT)
    def succeed_debit(self, session: Any, **values: Any) -> Any:
        """Note that the money is there: it is a payment, set against what it was fetched for. What
        had failed may succeed after all."""
        return usecases.succeed_debit(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            caller=self.caller,
            **values,
        )

    @command("POST /v1/debits/{debit_id}/fail", schemas.DebitFailed, **_DEBIT)
    def fail_debit(self, session: Any, **values: Any) -> Any:
        """Note that there is no money. Where it had succeeded, its payment is charged back: what it paid
        is owed again. What the bank charged for it may be demanded with it; it is credited where the
        debit succeeds after all."""
        return usecases.fail_debit(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    def _move(self, session: Any, action: DebitAction, **values: Any) -> Any:
        return usecases.move_debit(
            session, action=action, today=self.clock.today(), by=self.caller.subject, **values
        )
