"""The ways into hand-overs."""

from __future__ import annotations

from chassis.contract import Document, Reach, command, due, query
from chassis.fields import page_of
from services.accounts.dues import HandOverGoesOn, HandOverLate
from services.accounts.hand_overs import queries, schemas, usecases


class HandOvers:
    """A book goes to a successor: packed, offered, and accepted or returned account by account. The
    predecessor answers for each until then; no account is without an owner."""

    @command(
        "POST /v1/hand-overs",
        schemas.DraftHandOver,
        returns=schemas.HandOver,
        scope="accounts:write",
        reach=Reach.STAFF,
        status=201,
    )
    def draft_hand_over(self, session, **values):
        """Write down which accounts go from whom to whom, and until when. Nothing happens to them yet. An
        account is in one hand-over at a time (`in_another_hand_over`)."""
        return usecases.draft_hand_over(
            session, **self._hand_over_moment(), zone=self.clock.zone, **values
        )

    @query(
        "GET /v1/hand-overs/{hand_over_id}",
        schemas.HandOverId,
        returns=schemas.HandOver,
        scope="accounts:read",
        reach=Reach.STAFF,
    )
    def get_hand_over(self, session, **values):
        """One hand-over, with how many of its accounts stand where; for both sides and those above."""
        return queries.get_hand_over(session, **values)

    @query(
        "GET /v1/hand-overs",
        schemas.HandOversQuery,
        returns=page_of(schemas.HandOver),
        scope="accounts:read",
        reach=Reach.STAFF,
    )
    def list_hand_overs(self, session, **values):
        """The hand-overs of a person, whether they hand over or are handed over to."""
        return queries.list_hand_overs(session, **values)

    @query(
        "GET /v1/hand-overs/{hand_over_id}/accounts",
        schemas.HandOverAccountsQuery,
        returns=page_of(schemas.HandOverAccount),
        scope="accounts:read",
        reach=Reach.ACCOUNT,
    )
    def list_hand_over_accounts(self, session, **values):
        """Its accounts, those that you see: where each stands, who owns it since, why it is parked."""
        return queries.list_hand_over_accounts(session, **values)

    @query(
        "GET /v1/hand-overs/{hand_over_id}/accounts/{account_id}/pack",
        schemas.PackId,
        returns=schemas.Pack,
        scope="accounts:read",
    )
    def get_pack(self, session, **values):
        """What a successor needs to know of an account, as it was when it was packed."""
        return usecases.get_pack(session, **values)

    @query(
        "GET /v1/hand-overs/{hand_over_id}/accounts/{account_id}/pack.pdf",
        schemas.PackId,
        media_type="application/pdf",
        scope="accounts:read",
        is_costly=True,
    )
    def get_pack_pdf(self, session, **values):
        """The same on paper; each page bears the pack's hash."""
        content = usecases.draw_pack(session, **values)
        return Document(content, "application/pdf", f"{values['account_id']}.pdf")

    @command(
        "POST /v1/hand-overs/{hand_over_id}/pack",
        schemas.HandOverId,
        returns=schemas.HandOver,
        scope="accounts:write",
        reach=Reach.STAFF,
    )
    def pack_hand_over(self, session, **values):
        """Freeze what the successor needs to know of each account, as a run: it goes on while there is a
        `step`. An account that fails is parked with its reason, and stops no other; pack again to try it
        again."""
        return usecases.pack_hand_over(session, **self._hand_over_asked(), **values)

    @command(
        "POST /v1/hand-overs/{hand_over_id}/offer",
        schemas.HandOverId,
        returns=schemas.HandOver,
        scope="accounts:write",
        reach=Reach.STAFF,
    )
    def offer_hand_over(self, session, **values):
        """Let the successor see what is packed, as helpers do, and accept or return each account."""
        return usecases.offer_hand_over(session, **self._hand_over_asked(), **values)

    @command(
        "POST /v1/hand-overs/{hand_over_id}/accept",
        schemas.AcceptAccounts,
        returns=schemas.HandOver,
        scope="accounts:write",
        reach=Reach.STAFF,
    )
    def accept_accounts(self, session, **values):
        """Own accounts that were offered, from today on: those that are named at once, or all, as a run.
        For the successor and those above."""
        return usecases.accept_accounts(session, **self._hand_over_moment(), **values)

    @command(
        "POST /v1/hand-overs/{hand_over_id}/return",
        schemas.ReturnAccounts,
        returns=schemas.HandOver,
        scope="accounts:write",
        reach=Reach.STAFF,
    )
    def return_accounts(self, session, **values):
        """Say of accounts that were offered what is missing. They go to whom the predecessor reports to;
        where there is nobody else they stay with the predecessor."""
        return usecases.return_accounts(session, **self._hand_over_moment(), **values)

    @command(
        "POST /v1/hand-overs/{hand_over_id}/cancel",
        schemas.HandOverId,
        returns=schemas.HandOver,
        scope="accounts:write",
        reach=Reach.STAFF,
    )
    def cancel_hand_over(self, session, **values):
        """Leave with the predecessor what was not accepted or returned until now."""
        return usecases.cancel_hand_over(session, **self._hand_over_asked(), **values)

    @due(HandOverGoesOn)
    def go_on(self, session, hand_over_id):
        """Go through the next accounts of a hand-over."""
        usecases.go_on(
            session,
            hand_over_id=hand_over_id,
            today=self.clock.today(),
            now=self.clock.now(),
        )

    @due(HandOverLate)
    def tell_late_hand_over(self, session, hand_over_id):
        """Tell who is above the predecessor of a hand-over that should be over."""
        usecases.tell_late(session, hand_over_id=hand_over_id, today=self.clock.today())

    def _hand_over_asked(self):
        return {"now": self.clock.now(), "by": self.caller.subject}

    def _hand_over_moment(self):
        return {
            "today": self.clock.today(),
            "now": self.clock.now(),
            "by": self.caller.subject,
        }
