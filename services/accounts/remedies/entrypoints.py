"""The ways into remedies."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, query
from chassis.fields import page_of
from services.accounts.cases.schemas import Case, MoveCase
from services.accounts.remedies import queries, schemas, subscriptions, usecases
from services.accounts.remedies.rules import BY_HAND, CarriedOutAs, Moment


class Remedies:
    """What clients are given for what went wrong."""

    @command(
        "POST /v1/cases/{case_id}/remedies",
        schemas.GiveRemedy,
        returns=schemas.Remedy,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
        status=201,
    )
    def give_remedy(self, session, **values):
        """Give the client something for what went wrong: by lines of an invoice, net, or a sum, with tax.
        Granted at once where that is within the authority of whoever asks (`remedy-authorities`; goodwill
        also within the account's budget), and then the case is accepted; else it waits for the next one
        above whose authority covers it, and the case is in approval. Nobody grants alone what makes good
        their own mistake. A key that is no person's only proposes, unless it has the scope
        remedies:grant by name.

        Refused with `exceeds_line` or `exceeds_invoice` where more is asked than was invoiced, less
        earlier remedies that stand, with `price_above_invoice`, `nothing_given`, and `invoice_void`."""
        return usecases.give_remedy(session, **values, **self._proposed())

    @query(
        "GET /v1/remedies",
        schemas.RemedyQuery,
        returns=page_of(schemas.Remedy),
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def list_remedies(self, session, **values):
        """Remedies, the oldest first. What waits for somebody's decision:
        `?status=waiting_for_approval&approver_id=…`."""
        return queries.list_remedies(session, **values)

    @query(
        "GET /v1/remedies/{remedy_id}",
        schemas.RemedyId,
        returns=schemas.Remedy,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def get_remedy(self, session, **values):
        """One remedy with its lines."""
        return queries.get_remedy(session, **values)

    @command(
        "POST /v1/remedies/{remedy_id}/approve",
        schemas.ApproveRemedy,
        returns=schemas.Remedy,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def approve_remedy(self, session, **values):
        """Grant what waits for approval. Refused with `own_approval` for whoever asked or caused it, and
        with `authority_exceeded`; both say who could (`could`)."""
        return usecases.approve_remedy(session, **values, **self._proposed())

    @command(
        "POST /v1/remedies/{remedy_id}/decline",
        schemas.ExplainRemedy,
        returns=schemas.Remedy,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def decline_remedy(self, session, **values):
        """Turn down what waits for approval, and say why; something else is to be proposed. Refused as
        approval is."""
        return usecases.decline_remedy(session, **values, **self._proposed())

    @command(
        "POST /v1/remedies/{remedy_id}/withdraw",
        schemas.ExplainRemedy,
        returns=schemas.Remedy,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def withdraw_remedy(self, session, **values):
        """Take back what waits for approval."""
        return usecases.withdraw_remedy(session, **values, moment=self._remedied())

    @command(
        "POST /v1/remedies/{remedy_id}/executed",
        schemas.ExecuteRemedy,
        returns=schemas.Remedy,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def execute_remedy(self, session, **values):
        """Note by hand that what was granted is done, and by what; with the last remedy of a case that is
        accepted the case is executed. A credit note that names the remedy does this by itself."""
        return usecases.execute_remedy(session, **values, moment=self._remedied())

    @command(
        "POST /v1/remedies/{remedy_id}/refused",
        schemas.ExplainRemedy,
        returns=schemas.Remedy,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def note_remedy_refused(self, session, **values):
        """Note by hand that what was granted cannot be had, and why; the case is proposed again."""
        return usecases.note_refused(session, code=BY_HAND, **values, moment=self._remedied())

    @query(
        "GET /v1/accounts/{account_id}/goodwill",
        schemas.GoodwillQuery,
        returns=schemas.Goodwill,
        scope="accounts:read",
    )
    def get_goodwill(self, session, **values):
        """How much goodwill the account may be given today in a currency: its budget for what it was
        billed net in the last twelve months (`goodwill-rules`), less what was given in them."""
        return queries.get_goodwill(session, today=self.clock.today(), **values)

    @query(
        "GET /v1/remedy-costs",
        schemas.CostQuery,
        returns=schemas.Costs,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def report_remedy_costs(self, session, **values):
        """What remedies granted in a period cost, refused ones left out: by month, cause and product of
        the case's diagnosis, and currency."""
        return queries.report_costs(session, **values)

    @command(
        "POST /v1/cases/{case_id}/approve",
        MoveCase,
        returns=Case,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def approve_case(self, session, **values):
        """Approve what is proposed; it is accepted then. Refused with `own_approval` for whoever asked
        for it or caused what is to be made good, and with `remedy_waits` while a remedy of it waits:
        that is decided, and the case follows."""
        now, by = self.clock.now(), self.caller.subject
        return usecases.approve_by_hand(session, now=now, by=by, zone=self.clock.zone, **values)

    @consumes(subscriptions.RemedyCredited, takes_many=True)
    def take_credit_notes(self, session, told):
        """A credit note that names a remedy carries it out."""
        answers = [
            {**one, "account_id": one["for_account_id"] or one["account_id"]}
            for one in told
            if one["remedy_id"] is not None
        ]
        if answers:
            moment, how = self._remedied("billing"), CarriedOutAs.CREDIT_NOTE
            usecases.take_executed(session, answers, executed_as=how, moment=moment)

    @consumes(subscriptions.ReturnAuthorised)
    def take_return(self, session, **answer):
        """A return that names a remedy carries it out."""
        moment, how = self._remedied("sales"), CarriedOutAs.RETURN
        usecases.take_carried_out(session, **answer, executed_as=how, moment=moment)

    @consumes(subscriptions.ReplacementOrdered)
    def take_replacement(self, session, **answer):
        """An order that replaces goods carries a remedy out."""
        moment, how = self._remedied("sales"), CarriedOutAs.ORDER
        usecases.take_carried_out(session, **answer, executed_as=how, moment=moment)

    @consumes(subscriptions.BillingRefusedRemedy)
    def take_billing_refusal(self, session, **answer):
        """Billing cannot credit what was granted."""
        usecases.take_refused(session, **answer, moment=self._remedied("billing"))

    @consumes(subscriptions.SalesRefusedRemedy)
    def take_sales_refusal(self, session, **answer):
        """Sales cannot take back or replace what was granted."""
        usecases.take_refused(session, **answer, moment=self._remedied("sales"))

    def _proposed(self):
        return {"moment": self._remedied(), "caller": self.caller}

    def _remedied(self, source=None):
        return Moment(
            today=self.clock.today(),
            now=self.clock.now(),
            zone=self.clock.zone,
            by=source or self.caller.subject,
        )
