"""The ways into contacts."""

from __future__ import annotations

from chassis.contract import Reach, command, introduces, query
from chassis.fields import page_of
from services.accounts import introductions
from services.accounts.contacts import queries, schemas, usecases


class Contacts:
    """The people at an account."""

    @command(
        "POST /v1/accounts/{account_id}/contacts",
        schemas.AddContact,
        returns=schemas.Contact,
        scope="accounts:write",
        status=201,
    )
    def add_contact(self, session, **values):
        """Add a person at an account, who can be reached by e-mail or phone."""
        return usecases.add_contact(session, today=self.clock.today(), **values)

    @query(
        "GET /v1/accounts/{account_id}/contacts",
        schemas.ContactQuery,
        returns=page_of(schemas.Contact),
        scope="accounts:read",
    )
    def list_contacts(self, session, **values):
        """The people at an account: those valid on a day, or everybody there ever was."""
        return queries.list_contacts(session, **values)

    @query(
        "GET /v1/contacts/{contact_id}",
        schemas.ContactId,
        returns=schemas.Contact,
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def get_contact(self, session, **values):
        """One contact, whether or not their time is over."""
        return queries.get_contact(session, **values)

    @command(
        "PATCH /v1/contacts/{contact_id}",
        schemas.EditContact,
        returns=schemas.Contact,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def edit_contact(self, session, **values):
        """Change a contact. One whose time is over is history: add a new contact."""
        return usecases.edit_contact(session, today=self.clock.today(), **values)

    @command(
        "POST /v1/contacts/{contact_id}/end",
        schemas.EndContact,
        returns=schemas.Contact,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def end_contact(self, session, **values):
        """Set a contact's last day. Contacts are ended, never deleted."""
        return usecases.end_contact(session, today=self.clock.today(), **values)

    @introduces(introductions.ContactIntroduced)
    def introduce_contacts(self):
        """All contacts, ended ones among them."""
        return queries.EVERY
