"""What a newcomer to nameko would write: HTTP entrypoint, RPC, one read. The yardstick for reads."""

import json
import os
from typing import Any

from nameko.rpc import ServiceRpc, rpc
from nameko.web.handlers import http
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

engine = create_engine(os.environ["BASELINE_DATABASE_URL"], pool_size=10)


class BaselineAccounts:
    """Reads an account's row, the same one that the system under test reads."""

    name = "baseline_accounts"

    @rpc
    def get_account(self, account_id: str) -> dict[str, Any]:
        """The row as a dictionary of texts."""
        with Session(engine) as session:
            row = session.execute(
                text("SELECT * FROM account WHERE account_id = :id"), {"id": account_id}
            ).one()
            return {name: str(value) for name, value in row._mapping.items()}


class BaselineGateway:
    """HTTP in, RPC out, as nameko's own examples have it."""

    name = "baseline_gateway"
    accounts = ServiceRpc("baseline_accounts")

    @http("GET", "/accounts/<string:account_id>")
    def get_account(self, _request: Any, account_id: str) -> tuple[int, dict[str, str], str]:
        """One account as JSON."""
        account = self.accounts.get_account(account_id)
        return 200, {"Content-Type": "application/json"}, json.dumps(account)
