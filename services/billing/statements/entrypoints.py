"""The ways into statements."""

from __future__ import annotations

from typing import Any

from chassis.contract import Document, Reach, query
from chassis.fields import page_of
from services.billing.statements import queries, schemas, usecases


class Statements:
    """What moved what an account owes, and what of it was open."""

    clock: Any

    @query(
        "GET /v1/accounts/{account_id}/statement",
        schemas.StatementQuery,
        returns=schemas.Statement,
        scope="billing:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def get_statement(self, session: Any, **values: Any) -> Any:
        """What an account owed before a period, what moved that in it, and what it owed then."""
        return queries.get_statement(session, now=self.clock.now(), **values)

    @query(
        "GET /v1/accounts/{account_id}/statement/document.pdf",
        schemas.StatementPdfQuery,
        media_type="application/pdf",
        scope="billing:read",
        reach=Reach.ACCOUNT,
        is_costly=True,
    )
    def get_statement_pdf(self, session: Any, **values: Any) -> Document:
        """Download a statement as PDF, in the client's language: what was owed before the period, each
        move with what was owed then, what was open at its end and for how long, and how to pay it."""
        content, name = usecases.draw_statement(
            session, today=self.clock.today(), now=self.clock.now(), **values
        )
        return Document(content, "application/pdf", f"{name}.pdf")

    @query(
        "GET /v1/accounts/{account_id}/open-items",
        schemas.OpenItemQuery,
        returns=page_of(schemas.OpenItem),
        scope="billing:read",
        reach=Reach.ACCOUNT,
    )
    def list_open_items(self, session: Any, **values: Any) -> Any:
        """What was open of an account at the end of a day, as known at a moment, due first first."""
        return queries.list_open_items(
            session, today=self.clock.today(), now=self.clock.now(), **values
        )
