"""The ways to targets."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import NoFields
from services.accounts.clocks import queries, schemas, usecases


class Clocks:
    """How long cases may wait."""

    @query(
        "GET /v1/case-targets",
        NoFields,
        returns=schemas.CaseTargets,
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def list_case_targets(self, session):
        """In how many working minutes cases are to have their first response, news and their solution, of
        each kind, priority and tier of the account."""
        return queries.list_targets(session)

    @command(
        "PUT /v1/case-targets",
        schemas.SetCaseTargets,
        returns=schemas.CaseTargets,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def set_case_targets(self, session, **values):
        """Say which targets are not as usual, all of them: those left out are as usual. Cases that are
        open keep the targets with which they were opened. Refused with `target_twice`."""
        usecases.set_targets(session, **values)
        return queries.list_targets(session)
