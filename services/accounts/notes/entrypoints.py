"""The ways into notes."""

from __future__ import annotations

from chassis.contract import Reach, command, query
from chassis.fields import page_of
from services.accounts.notes import queries, schemas, usecases


class Notes:
    """What people wrote down about clients."""

    @command(
        "POST /v1/accounts/{account_id}/notes",
        schemas.AddNote,
        returns=schemas.Note,
        scope="accounts:write",
        status=201,
    )
    def add_note(self, session, **values):
        """Write a note about an account, or about a contact or case of it. A private one is seen by its
        author and those above them alone, and what it says is never announced; it needs a person's key or
        session (`private_needs_person`)."""
        return usecases.add_note(
            session,
            now=self.clock.now(),
            by=self.caller.subject,
            author_id=self.caller.staff_id,
            **values,
        )

    @query(
        "GET /v1/accounts/{account_id}/notes",
        schemas.NoteQuery,
        returns=page_of(schemas.Note),
        scope="accounts:read",
    )
    def list_notes(self, session, **values):
        """The notes about an account that you may read: those that are pinned, then the newest first."""
        return queries.list_notes(session, caller_id=self.caller.staff_id, **values)

    @query(
        "GET /v1/notes/{note_id}/texts",
        schemas.NoteTextQuery,
        returns=page_of(schemas.NoteText),
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def list_note_texts(self, session, **values):
        """All that was ever written in a note, first to last."""
        return queries.list_texts(session, caller_id=self.caller.staff_id, **values)

    @command(
        "POST /v1/notes/{note_id}/pin",
        schemas.NoteId,
        returns=schemas.Note,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def pin_note(self, session, **values):
        """Keep a note at the top."""
        return usecases.pin_note(session, caller_id=self.caller.staff_id, **values)

    @command(
        "POST /v1/notes/{note_id}/unpin",
        schemas.NoteId,
        returns=schemas.Note,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def unpin_note(self, session, **values):
        """Let a note stand among the others."""
        return usecases.unpin_note(session, caller_id=self.caller.staff_id, **values)

    @command(
        "POST /v1/notes/{note_id}/correct",
        schemas.CorrectNote,
        returns=schemas.Note,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def correct_note(self, session, **values):
        """Have a note say something else. What it said stays among its texts, with who wrote it."""
        return usecases.correct_note(session, **self._now_by_caller(), **values)

    @command(
        "POST /v1/notes/{note_id}/withdraw",
        schemas.WithdrawNote,
        returns=schemas.Note,
        scope="accounts:write",
        reach=Reach.ACCOUNT,
    )
    def withdraw_note(self, session, **values):
        """Have a note stand no more; it is kept, with the reason. Refused with `note_withdrawn` where it
        was already, as everything else is then."""
        return usecases.withdraw_note(session, **self._now_by_caller(), **values)

    def _now_by_caller(self):
        return {
            "now": self.clock.now(),
            "by": self.caller.subject,
            "caller_id": self.caller.staff_id,
        }
