"""The ways into cases."""

from __future__ import annotations

from typing import Any

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.accounts.cases import queries, schemas, usecases
from services.accounts.cases.rules import CaseAction


class Cases:
    """What clients bring up."""

    @command(
        "POST /v1/cases",
        schemas.OpenCase,
        returns=schemas.Case,
        scope="accounts:write",
        status=201,
    )
    def open_case(self, session, **values):
        """Take up a complaint, praise, a request or a technical question. Refused with `similar_case`,
        which names them, while a case about the same thing is open (about nothing: of the same kind
        within 30 days); `is_not_similar` goes on. Its clocks count to the targets of its kind, priority
        and the account's tier, as they are now.

        Old cases are entered with `received_at` in the past, and each step with its own `at`: clocks
        judge by these. Nobody is warned of what is over by then, nor within an hour of such an entry."""
        return usecases.open_case(session, **values, **self._entered())

    @query(
        "GET /v1/cases",
        schemas.CaseQuery,
        returns=page_of(schemas.Case),
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def list_cases(self, session, **values):
        """Cases, those received last first."""
        return queries.list_cases(session, now=self.clock.now(), **values)

    @query(
        "GET /v1/cases/{case_id}",
        schemas.CaseId,
        returns=schemas.CaseWithClocks,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def get_case(self, session, **values):
        """One case, with its clocks: what they have counted, when they are due, whether they run or why
        not, whether they were met or missed."""
        return queries.get_case(session, now=self.clock.now(), zone=self.clock.zone, **values)

    @query(
        "GET /v1/cases/{case_id}/states",
        schemas.CaseLogQuery,
        returns=page_of(schemas.CaseState),
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def list_case_states(self, session, **values):
        """All that was done with a case, first to last: who did it, when, and what they noted."""
        return queries.list_case_states(session, **values)

    @command(
        "POST /v1/cases/{case_id}/acknowledge",
        schemas.AcknowledgeCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def acknowledge_case(self, session, **values):
        """Tell the client for the first time that we have it, with the problem as we understand it: their
        first response."""
        return usecases.acknowledge_case(session, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/diagnose",
        schemas.DiagnoseCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def diagnose_case(self, session, **values):
        """Say what it comes from: the cause, and whose mistake and which product it was, where it was
        one's. Refused with `cause_retired`. May be said anew."""
        return usecases.diagnose_case(session, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/propose",
        schemas.ProposeSolution,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def propose_solution(self, session, **values):
        """Offer the client a solution, or another, also when one that was accepted cannot be had."""
        return usecases.propose_solution(session, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/ask-approval",
        schemas.MoveCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def ask_approval(self, session, **values):
        """Have somebody else approve what is proposed."""
        return usecases.move_case(
            session, action=CaseAction.ASK_APPROVAL, **values, **self._entered()
        )

    @command(
        "POST /v1/cases/{case_id}/refuse",
        schemas.ExplainCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def decline_proposal(self, session, **values):
        """Turn down what is proposed, by the client or by whoever was to approve it: something else is to
        be proposed."""
        return usecases.move_case(session, action=CaseAction.REFUSE, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/accept",
        schemas.MoveCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def accept_proposal(self, session, **values):
        """The client accepts what is proposed."""
        return usecases.move_case(session, action=CaseAction.ACCEPT, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/execute",
        schemas.MoveCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def execute_case(self, session, **values):
        """What was accepted is done: the clocks of news and solution end."""
        return usecases.move_case(session, action=CaseAction.EXECUTE, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/confirm",
        schemas.ConfirmCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def confirm_case(self, session, **values):
        """The client, by one of the account's contacts, confirms that it is solved."""
        return usecases.confirm_case(session, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/close",
        schemas.MoveCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def close_case(self, session, **values):
        """Be done with what is confirmed, or with praise that is acknowledged. Refused with `not_solved`
        for anything else that is acknowledged."""
        return usecases.close_case(session, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/reopen",
        schemas.ExplainCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def reopen_case(self, session, **values):
        """Take a case up again within 14 days of its end: the clocks of news and solution begin anew.
        Refused with `closed_too_long` later."""
        return usecases.reopen_case(session, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/withdraw",
        schemas.ExplainCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def withdraw_case(self, session, **values):
        """The client does not pursue it."""
        return usecases.move_case(session, action=CaseAction.WITHDRAW, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/mark-duplicate",
        schemas.MarkDuplicate,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def mark_case_duplicate(self, session, **values):
        """End a case that is the same as another of the account. Refused with `no_original` where the
        other is none that could go on."""
        return usecases.mark_duplicate(session, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/dispute-resolved",
        schemas.ResolveDispute,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def resolve_case_dispute(self, session, **values):
        """Say what was decided about the amount that a complaint contests: it is proposed to the client.
        Refused with `nothing_disputed` where it contests none."""
        return usecases.resolve_dispute(session, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/wait",
        schemas.ExplainCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def wait_for_client(self, session, **values):
        """Wait for something of the client: the clocks stand still until it goes on."""
        return usecases.move_case(session, action=CaseAction.WAIT, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/resume",
        schemas.MoveCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def resume_case(self, session, **values):
        """Go on where the case was before the client was waited for."""
        return usecases.move_case(session, action=CaseAction.RESUME, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/notes",
        schemas.ExplainCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def note_case(self, session, **values):
        """Note something, for ourselves."""
        return usecases.move_case(session, action=CaseAction.NOTE, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/update",
        schemas.ExplainCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def update_client(self, session, **values):
        """Note what the client was told: the clock of news begins anew."""
        return usecases.move_case(session, action=CaseAction.UPDATE, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/prioritise",
        schemas.PrioritiseCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def prioritise_case(self, session, **values):
        """Have it be more or less pressing, and say why: its clocks that are not over count to the
        targets of the other priority."""
        return usecases.prioritise_case(session, **values, **self._entered())

    @command(
        "POST /v1/cases/{case_id}/reassign",
        schemas.ReassignCase,
        returns=schemas.Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def reassign_case(self, session, **values):
        """Have somebody else look after it."""
        return usecases.reassign_case(session, **values, **self._entered())

    def _entered(self) -> dict[str, Any]:
        return {"now": self.clock.now(), "by": self.caller.subject, "zone": self.clock.zone}
