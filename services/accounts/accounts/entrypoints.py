"""The ways into accounts."""

from __future__ import annotations

from chassis.contract import Reach, command, introduces, query
from chassis.fields import page_of
from services.accounts import introductions
from services.accounts.accounts import queries, schemas, usecases


class Accounts:
    """Clients: open, find, edit, give to another owner."""

    @command(
        "POST /v1/accounts",
        schemas.OpenAccount,
        returns=schemas.Account,
        scope="accounts:write",
        reach=Reach.BOOK,
        status=201,
    )
    def open_account(self, session, **values):
        """Open an account, as a prospect. Refused with `duplicate_tax_id`, which names the account
        that has the tax id; a look at its duplicates afterwards shows who else it may be. A person opens
        accounts for themselves and for those below them (`owner_not_below`)."""
        return usecases.open_account(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @query(
        "GET /v1/accounts/{account_id}",
        schemas.AccountId,
        returns=schemas.Account,
        scope="accounts:read",
    )
    def get_account(self, session, **values):
        """One account as it is now: terms, status and owner."""
        return queries.get_account(session, **values)

    @query(
        "GET /v1/accounts",
        schemas.AccountQuery,
        returns=page_of(schemas.Account),
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def list_accounts(self, session, **values):
        """Accounts by name. `q` finds them by how words of the name, the number, the e-mail or the tax id
        begin, however they are spelt (Müller, Mueller, muller), the best matches first; what room is left
        on the last page is for names that may be meant although a letter or two are mistyped."""
        return queries.list_accounts(session, **values)

    @query(
        "GET /v1/accounts/{account_id}/duplicates",
        schemas.AccountId,
        returns=schemas.Duplicates,
        scope="accounts:read",
    )
    def list_duplicates(self, session, **values):
        """At most 20 accounts that may be the same client: same or similar name, same e-mail."""
        return queries.list_duplicates(session, **values)

    @query(
        "GET /v1/accounts/{account_id}/states",
        schemas.AccountHistoryQuery,
        returns=page_of(schemas.AccountState),
        scope="accounts:read",
    )
    def list_states(self, session, **values):
        """The statuses an account has been in, first to present, with who moved it and why."""
        return queries.list_states(session, **values)

    @command(
        "PATCH /v1/accounts/{account_id}",
        schemas.EditAccount,
        returns=schemas.Account,
        scope="accounts:write",
    )
    def edit_account(self, session, **values):
        """Change an account. A new currency needs a new credit limit, and is refused with
        `currency_fixed` once the account is active. One that is closed or closing is not changed."""
        return usecases.edit_account(session, **values)

    @command(
        "POST /v1/accounts/{account_id}/change-owner",
        schemas.ChangeOwner,
        returns=schemas.Account,
        scope="accounts:write",
    )
    def change_owner(self, session, **values):
        """Give an account to another owner, from today or from a day of the present owner's time on."""
        return usecases.change_owner(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @command(
        "POST /v1/staff/{staff_id}/hand-over",
        schemas.HandOverBook,
        returns=schemas.HandedOver,
        scope="accounts:write",
        reach=Reach.EVERYTHING,
        is_costly=True,
    )
    def hand_over_book(self, session, **values):
        """Give all of a person's accounts to another owner from today on, 500 in one call."""
        return usecases.hand_over_book(
            session,
            today=self.clock.today(),
            now=self.clock.now(),
            by=self.caller.subject,
            **values,
        )

    @introduces(introductions.AccountIntroduced)
    def introduce_accounts(self):
        """All accounts."""
        return queries.EVERY
