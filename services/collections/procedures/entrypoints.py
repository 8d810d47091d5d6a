"""The ways into procedures."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.collections.procedures import queries, schemas, usecases


class Procedures:
    """Dunning procedures, in versions."""

    @command(
        "POST /v1/dunning-procedures",
        schemas.NewProcedure,
        returns=schemas.Procedure,
        scope="collections:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def make_procedure(self, session, **values):
        """Make a procedure; then make it the default or give it to accounts."""
        return usecases.make_procedure(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "PUT /v1/dunning-procedures/{procedure_id}",
        schemas.ChangeProcedure,
        returns=schemas.Procedure,
        scope="collections:write",
        reach=Reach.EVERYTHING,
    )
    def change_procedure(self, session, **values):
        """Make a new version of a procedure; runs already made keep theirs."""
        return usecases.change_procedure(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @command(
        "POST /v1/dunning-procedures/{procedure_id}/make-default",
        schemas.ProcedureId,
        returns=schemas.Procedure,
        scope="collections:write",
        reach=Reach.EVERYTHING,
    )
    def make_default_procedure(self, session, **values):
        """Let every account without a procedure of its own have this one."""
        return usecases.make_default(session, **values)

    @query(
        "GET /v1/dunning-procedures",
        schemas.ProcedureQuery,
        returns=page_of(schemas.Procedure),
        scope="collections:read",
        reach=Reach.SHARED,
    )
    def list_procedures(self, session, **values):
        """List procedures as they are in force."""
        return queries.list_procedures(session, **values)

    @query(
        "GET /v1/dunning-procedures/{procedure_id}",
        schemas.ProcedureId,
        returns=schemas.Procedure,
        scope="collections:read",
        reach=Reach.SHARED,
    )
    def get_procedure(self, session, **values):
        """Show a procedure as it is in force."""
        return queries.get_procedure(session, **values)

    @query(
        "GET /v1/dunning-procedures/{procedure_id}/versions/{number}",
        schemas.ProcedureNumber,
        returns=schemas.Procedure,
        scope="collections:read",
        reach=Reach.SHARED,
    )
    def get_procedure_version(self, session, **values):
        """Show what a procedure said in one of its versions."""
        return queries.get_procedure_version(session, **values)

    @command(
        "PUT /v1/accounts/{account_id}/dunning-procedure",
        schemas.AssignProcedure,
        returns=schemas.AccountProcedure,
        scope="collections:write",
    )
    def assign_procedure(self, session, **values):
        """Give an account a procedure of its own, or the company's default again."""
        return usecases.assign_procedure(
            session, now=self.clock.now(), by=self.caller.subject, **values
        )

    @query(
        "GET /v1/accounts/{account_id}/dunning-procedure",
        schemas.AccountId,
        returns=schemas.AccountProcedure,
        scope="collections:read",
    )
    def get_account_procedure(self, session, **values):
        """Show the procedure an account is dunned by."""
        return queries.get_account_procedure(session, **values)
