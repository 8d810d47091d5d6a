"""The ways into contact dues."""

from __future__ import annotations

from chassis.contract import daily
from services.collections.contact_dues import usecases


class ContactDues:
    """Whom to contact about overdue money."""

    @daily(at="06:00")
    def review_contacts(self, session, day):
        """Tell the worklist whom to contact about what is overdue as of today."""
        usecases.review_all_contacts(session, today=day)
