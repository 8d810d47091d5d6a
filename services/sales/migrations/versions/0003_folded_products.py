"""Products are found however umlauts and their like are spelt."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write what every product is found by, and index its pieces."""
    # Trusted since PostgreSQL 13: whoever owns the database may make it.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.add_column("product", sa.Column("search_key", sa.Text(), nullable=True))
    connection = op.get_bind()
    products = connection.execute(sa.text("SELECT product_id, sku, name FROM product")).all()
    if products:
        ids, skus, names = zip(*products, strict=True)
        keys = [_fold(f"{sku} {name}") for sku, name in zip(skus, names, strict=True)]
        connection.execute(_WRITE, {"product_ids": list(ids), "search_keys": keys})
    op.alter_column("product", "search_key", nullable=False)
    op.create_index(
        "ix_product_search_pieces",
        "product",
        ["search_key"],
        postgresql_using="gin",
        postgresql_ops={"search_key": "gin_trgm_ops"},
    )


def downgrade() -> None:
    """The extension stays, as others may use it."""
    op.drop_index("ix_product_search_pieces", "product")
    op.drop_column("product", "search_key")


_WRITE = sa.text(
    """
    UPDATE product SET search_key = found_by.search_key
    FROM unnest(CAST(:product_ids AS text[]), CAST(:search_keys AS text[]))
        AS found_by (product_id, search_key)
    WHERE product.product_id = found_by.product_id
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


def _fold(text: str) -> str:
    joined = _WITHIN_WORDS.sub("", unicodedata.normalize("NFKC", text))
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", joined.casefold()))
    plain = unicodedata.normalize("NFC", bare.translate(_LETTERS))
    short = _LONG_SPELLINGS.sub(lambda spelling: spelling[0][0], plain)
    return " ".join("".join(_letter_or_space(character) for character in short).split())


def _letter_or_space(character: str) -> str:
    return character if unicodedata.category(character)[0] in "LMN" else " "
