"""The way into the reconciliation."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, query
from services.billing.reconciliation import queries, schemas


class Reconciliation:
    """The books compared with themselves."""

    @query(
        "GET /v1/reports/reconciliation",
        schemas.ReconciliationQuery,
        returns=schemas.Reconciliation,
        scope="billing:read",
        reach=Reach.EVERYTHING,
        is_costly=True,
        seconds_max=60,
    )
    def reconcile(self, session: Any) -> Any:
        """Sub-ledger against ledger against invoices against balances; no difference is allowed."""
        return queries.reconcile(session)
