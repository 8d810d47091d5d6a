"""The ways into credit notes."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, introduces, query
from chassis.fields import page_of
from services.billing import introductions
from services.billing.allocations.queries import list_allocations
from services.billing.allocations.schemas import Allocation
from services.billing.credits import queries, schemas, usecases


class Credits:
    """What lowers what is owed after issue."""

    clock: Any
    caller: Any

    @command(
        "POST /v1/invoices/{invoice_id}/credit-notes",
        schemas.CreditInvoice,
        returns=schemas.CreditNote,
        scope="billing:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def credit_invoice(self, session: Any, **values: Any) -> Any:
        """Credit an invoice in part or whole; what it does not owe any more is unapplied credit."""
        return usecases.credit_invoice(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/credit-notes",
        schemas.CreditAccount,
        returns=schemas.CreditNote,
        scope="billing:write",
        status=201,
    )
    def credit_account(self, session: Any, **values: Any) -> Any:
        """Issue a credit note that names no invoice; all of it is unapplied."""
        return usecases.credit_account(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/credit-notes",
        schemas.CreditNoteQuery,
        returns=page_of(schemas.CreditNoteSummary),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_credit_notes(self, session: Any, **values: Any) -> Any:
        """Credit notes, newest first, without their lines."""
        return queries.list_credit_notes(session, **values)

    @query(
        "GET /v1/credit-notes/{credit_note_id}",
        schemas.CreditNotePath,
        returns=schemas.CreditNote,
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def get_credit_note(self, session: Any, **values: Any) -> Any:
        """One credit note with its lines."""
        return queries.get_credit_note(session, **values)

    @query(
        "GET /v1/credit-notes/{credit_note_id}/allocations",
        schemas.CreditNoteAllocationQuery,
        returns=page_of(Allocation),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_credit_note_allocations(self, session: Any, **values: Any) -> Any:
        """What a credit note was set against, with what of it was reversed."""
        return list_allocations(session, **values)

    @command(
        "POST /v1/credit-notes/{credit_note_id}/allocations",
        schemas.AllocateCreditNote,
        returns=schemas.CreditNote,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def allocate_credit_note(self, session: Any, **values: Any) -> Any:
        """Set what is unapplied of a credit note against the items named."""
        return usecases.allocate_credit_note(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "POST /v1/credit-notes/{credit_note_id}/allocate-oldest-first",
        schemas.CreditNotePath,
        returns=schemas.CreditNote,
        scope="billing:write",
        reach=Reach.ACCOUNT,
    )
    def allocate_credit_note_oldest_first(self, session: Any, **values: Any) -> Any:
        """Set what is unapplied of a credit note against the account's items, oldest due first."""
        return usecases.allocate_credit_note_oldest_first(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @introduces(introductions.CreditNoteIntroduced)
    def introduce_credit_notes(self) -> Any:
        """All credit notes."""
        return queries.EVERY
