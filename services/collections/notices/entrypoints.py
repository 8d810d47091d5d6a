"""The ways into notices."""

from __future__ import annotations

from chassis.contract import Document, Reach, command, consumes, query
from chassis.fields import page_of
from services.collections import subscriptions
from services.collections.notices import queries, schemas, usecases


class Notices:
    """Dunning notices and their letters."""

    @consumes(subscriptions.DunningNoticeApproved, is_alone=True)
    def send_notice(self, session, **values):
        """Send an approved notice, in a step of its own: if it fails, it fails alone."""
        usecases.send_notice(session, today=self.clock.today(), now=self.clock.now(), **values)

    @command(
        "POST /v1/dunning-notices/{notice_id}/cancel",
        schemas.CancelNotice,
        returns=schemas.Notice,
        scope="collections:write",
        reach=Reach.ACCOUNT,
    )
    def cancel_notice(self, session, **values):
        """Do not send a notice. The next run proposes its items again, unless a hold prevents it."""
        usecases.cancel_notice(session, now=self.clock.now(), **values)
        return queries.get_notice(session, notice_id=values["notice_id"])

    @command(
        "POST /v1/dunning-notices/{notice_id}/printed",
        schemas.NoticeId,
        returns=schemas.Notice,
        scope="collections:write",
        reach=Reach.ACCOUNT,
    )
    def mark_notice_printed(self, session, **values):
        """Take a letter that went by post out of the print queue."""
        usecases.mark_printed(session, now=self.clock.now(), **values)
        return queries.get_notice(session, **values)

    @query(
        "GET /v1/dunning-notices",
        schemas.NoticeQuery,
        returns=page_of(schemas.Notice),
        scope="collections:read",
        reach=Reach.ACCOUNT,
    )
    def list_notices(self, session, **values):
        """List notices, the newest first."""
        return queries.list_notices(session, **values)

    @query(
        "GET /v1/dunning-runs/{run_id}/notices",
        schemas.RunNoticesQuery,
        returns=page_of(schemas.Notice),
        scope="collections:read",
        reach=Reach.EVERYTHING,
    )
    def list_run_notices(self, session, **values):
        """List what a run proposes or has sent, with the reason for each item."""
        return queries.list_run_notices(session, **values)

    @query(
        "GET /v1/dunning-notices/{notice_id}",
        schemas.NoticeId,
        returns=schemas.Notice,
        scope="collections:read",
        reach=Reach.ACCOUNT,
    )
    def get_notice(self, session, **values):
        """Show a notice with its items and what its letter says."""
        return queries.get_notice(session, **values)

    @query(
        "GET /v1/dunning-notices/{notice_id}/letter.pdf",
        schemas.NoticeId,
        media_type="application/pdf",
        scope="collections:read",
        reach=Reach.ACCOUNT,
    )
    def get_letter_pdf(self, session, **values):
        """Download the letter as it was sent, as PDF."""
        content = usecases.draw_notice(session, **values)
        return Document(content, "application/pdf", f"{values['notice_id']}.pdf")

    @query(
        "GET /v1/dunning-notices/{notice_id}/letter.txt",
        schemas.NoticeId,
        media_type="text/plain",
        scope="collections:read",
        reach=Reach.ACCOUNT,
    )
    def get_letter_text(self, session, **values):
        """Download the letter as it was sent, as text."""
        content = queries.get_text(session, **values).encode()
        return Document(content, "text/plain; charset=utf-8", f"{values['notice_id']}.txt")
