"""Books whose work is committed, and so stays for the tests after it: on days before all of theirs."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from tests.services.billing.conftest import Books


class OldBooks(Books):
    """Books on a session of the test's own."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.today = date(2020, 3, 2)
