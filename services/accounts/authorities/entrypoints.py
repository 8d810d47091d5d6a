"""The ways to authorities."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from services.accounts.authorities import queries, schemas, usecases


class Authorities:
    """Who may grant how much."""

    @query(
        "GET /v1/remedy-authorities/{role}",
        schemas.RemedyAuthorityRole,
        returns=schemas.RemedyAuthority,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def get_remedy_authority(self, session, **values):
        """How much people of a role may grant a client with one remedy."""
        return queries.get_authority(session, **values)

    @command(
        "PUT /v1/remedy-authorities/{role}",
        schemas.SetRemedyAuthority,
        returns=schemas.RemedyAuthority,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def set_remedy_authority(self, session, **values):
        """Say how much people of a role may grant. Remedies that wait for approval go on to wait, and are
        judged anew when they are approved. Refused with `currency_twice`."""
        return usecases.set_authority(session, **values)

    @query(
        "GET /v1/goodwill-rules/{currency}",
        schemas.GoodwillCurrency,
        returns=schemas.GoodwillRule,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def get_goodwill_rule(self, session, **values):
        """How much goodwill accounts may be given in twelve months in a currency; none where there is no
        rule."""
        return queries.get_goodwill_rule(session, **values)

    @command(
        "PUT /v1/goodwill-rules/{currency}",
        schemas.SetGoodwillRule,
        returns=schemas.GoodwillRule,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def set_goodwill_rule(self, session, **values):
        """Say how much goodwill accounts may be given in twelve months in a currency."""
        return usecases.set_goodwill_rule(session, **values)
