"""Names are found however umlauts and their like are spelt, and where they are only alike."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 1000


def upgrade() -> None:
    """Write every account's words anew, and index the pieces of names."""
    # Trusted since PostgreSQL 13: whoever owns the database may make it.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection, last = op.get_bind(), ""
    while rows := connection.execute(_READ, {"last": last, "limit": ROWS_AT_ONCE}).all():
        found_by = zip(*(_found_by(*row) for row in rows), strict=True)
        names = ("account_ids", "name_keys", "search_words")
        connection.execute(_WRITE, dict(zip(names, map(list, found_by), strict=True)))
        last = rows[-1].account_id
    op.create_index(
        "ix_account_name_pieces",
        "account",
        ["name_key"],
        postgresql_using="gin",
        postgresql_ops={"name_key": "gin_trgm_ops"},
    )


def downgrade() -> None:
    """Names keep their words; the extension stays, as others may use it."""
    op.drop_index("ix_account_name_pieces", "account")


_READ = sa.text(
    "SELECT account_id, name, number, email, tax_id_key FROM account"
    " WHERE account_id > :last ORDER BY account_id LIMIT :limit"
)
_WRITE = sa.text(
    """
    UPDATE account
    SET name_key = found_by.name_key, search_words = string_to_array(found_by.search_words, ' ')
    FROM unnest(
        CAST(:account_ids AS text[]), CAST(:name_keys AS text[]), CAST(:search_words AS text[])
    ) AS found_by (account_id, name_key, search_words)
    WHERE account.account_id = found_by.account_id
    """
)

_WITHIN_WORDS = re.compile(r"[.'’‘ʼ`´]")
_LETTERS = str.maketrans(
    {
        **{"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"},
        **{"ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"},
    }
)
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_LONG_SPELLINGS = re.compile(r"a[ae]+|oe+|ue+")
_LEGAL_FORM_WORDS = (
    "ab ag as bv co company corp corporation ehf eurl gmbh inc incorporated kft kg kgaa limited llc llp "
    "ltd ltda nv ohg oy oyj plc pty pvt rl sa sarl sas se sl spa spzoo srl srls ug"
)
_LEGAL_FORMS = frozenset(_LEGAL_FORM_WORDS.split())


def _found_by(
    account_id: str, name: str, number: str, email: str | None, tax_id_key: str | None
) -> tuple[str, str, str]:
    words = _fold(name).split()
    found_by = {*words, number.lower(), *_fold(number).split()}
    if email:
        found_by |= {email.lower(), email.lower().partition("@")[2]}
    if tax_id_key:
        found_by.add(tax_id_key.lower())
    name_key = [word for word in words if word not in _LEGAL_FORMS] or words
    return account_id, " ".join(name_key), " ".join(sorted(found_by))


def _fold(text: str) -> str:
    joined = _WITHIN_WORDS.sub("", unicodedata.normalize("NFKC", text))
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", joined.casefold()))
    plain = unicodedata.normalize("NFC", bare.translate(_LETTERS))
    short = _LONG_SPELLINGS.sub(lambda spelling: spelling[0][0], plain)
    return " ".join("".join(_letter_or_space(character) for character in short).split())


def _letter_or_space(character: str) -> str:
    return character if unicodedata.category(character)[0] in "LMN" else " "
