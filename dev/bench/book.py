"""A firm with its clients at full size, put straight into accounts' database."""

from contextlib import closing
from pathlib import Path

import psycopg2

SQL = Path(__file__).with_name("book.sql")
PEOPLE, EACH = 190, 500  # people, and how many accounts each of them owns
BELOW = 6  # so many report to each, until there are no more people
LISTED = 50  # of the people, the last: all their accounts are on their lists
BOOK = 5_000  # accounts of a predecessor, who hands them over to a successor
ENTRIES, LONG = 1_000_000, 20_000  # of the timelines of all accounts, and of that of one account

HOW_MANY = "SELECT count(*) FROM account WHERE number LIKE 'B-%'"
WHOSE_BOOK = "SELECT owner_id FROM account WHERE number LIKE 'B-%' ORDER BY account_id DESC LIMIT 1"


def fill(database_url: str) -> None:
    """Put all there is to know of clients into accounts' database, once, and gather statistics."""
    sizes = {
        **{"people": PEOPLE, "each": EACH, "below": BELOW, "listed": LISTED, "lead": lead()},
        **{"book": BOOK, "clients": PEOPLE * EACH + BOOK, "entries": ENTRIES, "long": LONG},
    }
    with closing(psycopg2.connect(database_url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(SQL.read_text(), sizes)
        cursor.execute("VACUUM (ANALYZE)")


def lead() -> int:
    """The last person with all their reports; the account of this number has the long story."""
    return (PEOPLE + BELOW - 2) // BELOW - 1


def team() -> range:
    """Who reports to the lead."""
    return range(BELOW * (lead() - 1) + 2, BELOW * lead() + 2)


def accounts_of(person: int) -> range:
    """The accounts that a person owns."""
    return range(person, PEOPLE * EACH + 1, PEOPLE)


def name(prefix: str, number: int) -> str:
    """The id of a person (`stf`) or an account (`acc`) by its number, from 1."""
    return f"{prefix}_{number:026}"
