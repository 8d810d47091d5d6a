"""The daily look at returns."""

from __future__ import annotations

from chassis.contract import daily
from services.sales.return_reviews import usecases


class ReturnReviews:
    """What nobody dealt with in time."""

    @daily(at="05:50")
    def review_returns(self, session, day):
        """End what nobody decided or sent in time, and have somebody deal with what waits too long."""
        usecases.review_returns(session, day=day, now=self.clock.now(), by=self.caller.subject)
