"""The ways into causes."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.accounts.causes import queries, schemas, usecases


class Causes:
    """What cases come from."""

    @query(
        "GET /v1/case-causes",
        schemas.CaseCauseQuery,
        returns=page_of(schemas.CaseCause),
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def list_case_causes(self, session, **values):
        """The causes that a diagnosis may name, and retired ones that some did."""
        return queries.list_causes(session, **values)

    @command(
        "POST /v1/case-causes",
        schemas.AddCaseCause,
        returns=schemas.CaseCause,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def add_case_cause(self, session, **values):
        """Let diagnoses name one cause more. Refused with `duplicate_name`."""
        return usecases.add_cause(session, **values)

    @command(
        "POST /v1/case-causes/{case_cause_id}/retire",
        schemas.CaseCauseId,
        returns=schemas.CaseCause,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def retire_case_cause(self, session, **values):
        """Let no further diagnosis name a cause. Refused with `cause_retired` the second time."""
        return usecases.retire_cause(session, today=self.clock.today(), **values)
