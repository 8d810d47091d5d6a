"""The ways into addresses."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.accounts.addresses import queries, schemas, usecases


class Addresses:
    """Where accounts get their post."""

    @command(
        "POST /v1/accounts/{account_id}/addresses",
        schemas.AddAddress,
        returns=schemas.Address,
        scope="accounts:write",
        status=201,
    )
    def add_address(self, session, **values):
        """Give an account an address, in the form of its country. Of billing and of legal there is one at
        a time: the one before ends the day before the new one begins, and is replaced where it began on
        that day. Refused with `address_overlaps` where another begins during its time."""
        return usecases.add_address(session, today=self.clock.today(), **values)

    @query(
        "GET /v1/accounts/{account_id}/addresses",
        schemas.AddressQuery,
        returns=page_of(schemas.Address),
        scope="accounts:read",
    )
    def list_addresses(self, session, **values):
        """The addresses of an account: those valid on a day, or all there ever were."""
        return queries.list_addresses(session, **values)

    @command(
        "POST /v1/addresses/{address_id}/end",
        schemas.EndAddress,
        returns=schemas.Address,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def end_address(self, session, **values):
        """Set an address' last day. Addresses are ended, never deleted."""
        return usecases.end_address(session, today=self.clock.today(), **values)
