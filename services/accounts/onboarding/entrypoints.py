"""The ways into onboarding."""

from __future__ import annotations

from chassis.contract import Reach, command, consumes, daily, due, query
from chassis.fields import PageQuery, page_of
from services.accounts import subscriptions
from services.accounts.accounts.schemas import Account, AccountId, MoveAccount
from services.accounts.dues import DocumentDue
from services.accounts.onboarding import queries, schemas, usecases


class Onboarding:
    """The checklist of an account, and the way from prospect to active."""

    @command(
        "POST /v1/accounts/{account_id}/begin-onboarding",
        AccountId,
        returns=Account,
        scope="accounts:write",
    )
    def begin_onboarding(self, session, **values):
        """Begin to onboard a prospect; its checklist gets every requirement of today."""
        return usecases.begin_onboarding(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/accounts/{account_id}/activate",
        AccountId,
        returns=Account,
        scope="accounts:write",
    )
    def activate_account(self, session, **values):
        """Let business begin. Refused with `checklist_incomplete`, which names what is missing, while
        an item is open or its document expired."""
        return usecases.activate_account(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/accounts/{account_id}/reopen",
        MoveAccount,
        returns=Account,
        scope="accounts:write",
    )
    def reopen_account(self, session, **values):
        """Onboard a closed account again; what is settled on its checklist stays settled."""
        return usecases.reopen_account(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            zone=self.clock.zone,
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/accounts/{account_id}/checklist-items",
        schemas.ChecklistQuery,
        returns=page_of(schemas.ChecklistItem),
        scope="accounts:read",
    )
    def list_checklist_items(self, session, **values):
        """The account's checklist with where each item stands today."""
        return queries.list_checklist_items(session, today=self.clock.today(), **values)

    @command(
        "POST /v1/accounts/{account_id}/checklist-items",
        schemas.AddChecklistItem,
        returns=schemas.ChecklistItem,
        scope="accounts:write",
        status=201,
    )
    def add_checklist_item(self, session, **values):
        """Ask something of this account alone, while it is onboarding; at most 100 items in all."""
        item = usecases.add_checklist_item(session, **values)
        return queries.with_status(item, self.clock.today())

    @command(
        "POST /v1/checklist-items/{checklist_item_id}/complete",
        schemas.CompleteChecklistItem,
        returns=schemas.ChecklistItem,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def complete_checklist_item(self, session, **values):
        """Settle an item, or renew its document; also after activation, when a document expires. An
        account that was on hold for that document alone is released."""
        item = usecases.complete_checklist_item(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            zone=self.clock.zone,
            by=self.caller.subject,
            **values,
        )
        return queries.with_status(item, self.clock.today())

    @command(
        "POST /v1/checklist-items/{checklist_item_id}/waive",
        schemas.WaiveChecklistItem,
        returns=schemas.ChecklistItem,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def waive_checklist_item(self, session, **values):
        """Declare an open or expired item unnecessary for this account, with the reason. Refused with
        `same_person` to whoever has completed an item of its checklist or collected a document for it."""
        item = usecases.waive_checklist_item(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            zone=self.clock.zone,
            by=self.caller.subject,
            **values,
        )
        return queries.with_status(item, self.clock.today())

    @query(
        "GET /v1/onboarding-requirements",
        PageQuery,
        returns=page_of(schemas.Requirement),
        scope="accounts:read",
        reach=Reach.SHARED,
    )
    def list_requirements(self, session, **values):
        """What is asked of every account that begins onboarding, and what was until it was retired."""
        return queries.list_requirements(session, **values)

    @command(
        "POST /v1/onboarding-requirements",
        schemas.AddRequirement,
        returns=schemas.Requirement,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
        status=201,
    )
    def add_requirement(self, session, **values):
        """Ask one thing more of every account that begins onboarding from now on."""
        return usecases.add_requirement(session, **values)

    @command(
        "POST /v1/onboarding-requirements/{onboarding_requirement_id}/retire",
        schemas.RequirementId,
        returns=schemas.Requirement,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
    )
    def retire_requirement(self, session, **values):
        """Ask one thing less of accounts that begin onboarding from now on."""
        return usecases.retire_requirement(session, today=self.clock.today(), **values)

    @consumes(subscriptions.AccountActivated)
    def leave_onboarding_active(self, session, *, account_id):
        """An active account is not stuck in onboarding."""
        usecases.judge_onboardings(session, account_ids=[account_id], today=self.clock.today())

    @consumes(subscriptions.AccountClosed)
    def leave_onboarding_closed(self, session, *, account_id):
        """A closed account is not stuck in onboarding."""
        usecases.judge_onboardings(session, account_ids=[account_id], today=self.clock.today())

    @daily(at="06:00")
    def review_onboardings(self, session, *, day):
        """Find accounts that are stuck in onboarding, and those that are no longer."""
        usecases.review_onboardings(session, today=day)

    @due(DocumentDue)
    def remind_of_document(self, session, **values):
        """Have a document renewed that is about to expire, or has."""
        usecases.remind_of_document(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            zone=self.clock.zone,
            **values,
        )
