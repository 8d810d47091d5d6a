"""How names are compared and found: without accents, punctuation or legal form; word by word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LIKENESS_MIN = 60  # percent, from which two names are worth a person's look

_LEGAL_FORM_WORDS = (
    "ab ag as bv co company corp corporation ehf eurl gmbh inc incorporated kft kg kgaa limited llc llp "
    "ltd ltda nv ohg oy oyj plc pty pvt rl sa sarl sas se sl spa spzoo srl srls ug"
)
_LEGAL_FORMS = frozenset(_LEGAL_FORM_WORDS.split())


def fold(text: str) -> str:
    """Words in small letters without accents and punctuation: "Müller & Söhne G.m.b.H." becomes
    "muller sohne gmbh"."""
    joined = re.sub(r"[.'’]", "", text.casefold())
    plain = (
        character
        for character in unicodedata.normalize("NFKD", joined)
        if not unicodedata.combining(character)
    )
    return " ".join(re.findall(r"[^\W_]+", "".join(plain)))


def name_key(name: str) -> str:
    """What two spellings of one name have in common: folded, without the legal form."""
    words = fold(name).split()
    return " ".join([word for word in words if word not in _LEGAL_FORMS] or words)


def tax_id_key(tax_id: str | None) -> str | None:
    """A tax id's letters and digits in capitals; None where there are none."""
    return re.sub(r"[\W_]", "", tax_id or "").upper() or None


def search_words(*, name: str, number: str, email: str | None, tax_id: str | None) -> list[str]:
    """The words by whose beginnings an account is found, each once, sorted."""
    words = {*fold(name).split(), number.lower(), *fold(number).split()}
    if email:
        words |= {email.lower(), email.lower().partition("@")[2]}
    if key := tax_id_key(tax_id):
        words.add(key.lower())
    return sorted(words)


def prefix_query(text: str) -> str:
    """What to look for among search words, as a PostgreSQL tsquery: every word of the text begins one
    of them; or the text without spaces and punctuation does, as tax ids are often typed."""
    words = text.lower().split()
    words = [word for word in words if fold(word)] or words  # a lone "&" or "-" is no word
    every_word = " & ".join(f"({_word_query(word)})" for word in words)
    return f"({every_word}) | {_prefix(_condensed(text) or text)}"


def any_word_query(key: str) -> str | None:
    """Names that share a whole word of three letters or more with this one, as a PostgreSQL tsquery."""
    return " | ".join(_quoted(word) for word in key.split() if len(word) > 2) or None


def whole_word_query(word: str) -> str:
    """Exactly this word among the search words, as a PostgreSQL tsquery."""
    return _quoted(word.lower())


def likeness(one: str, other: str) -> int:
    """How alike two name keys are, 0 to 100: Dice's coefficient of their three-letter pieces, which
    forgives a typing error and the order of words."""
    pieces, others = set(_pieces(one)), set(_pieces(other))
    if not pieces or not others:
        return 0
    return 200 * len(pieces & others) // (len(pieces) + len(others))


def _pieces(key: str) -> Iterator[str]:
    for word in key.split():
        padded = f"  {word} "
        yield from (padded[at : at + 3] for at in range(len(padded) - 2))


def _word_query(word: str) -> str:
    parts = fold(word).split()
    as_parts = f" | ({' & '.join(map(_prefix, parts))})" if parts and parts != [word] else ""
    return _prefix(word) + as_parts


def _condensed(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def _prefix(word: str) -> str:
    return f"{_quoted(word)}:*"


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
