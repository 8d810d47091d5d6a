"""How names are compared and found: however they are spelt, without legal form; word by word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from kernel.text import fold

# How many letters of a word may be mistyped, by its length at least.
MISTYPED_MAX = ((8, 2), (4, 1), (0, 0))
LIKENESS_MIN = 60  # percent, from which two names are worth a person's look

_LEGAL_FORM_WORDS = (
    "ab ag as bv co company corp corporation ehf eurl gmbh inc incorporated kft kg kgaa limited llc llp "
    "ltd ltda nv ohg oy oyj plc pty pvt rl sa sarl sas se sl spa spzoo srl srls ug"
)
_LEGAL_FORMS = frozenset(_LEGAL_FORM_WORDS.split())


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


def alike_query(typed: str, near: Collection[str]) -> str:
    """What to look for among search words where letters may be mistyped, as a PostgreSQL tsquery: for
    every word of what is typed, one that it begins, or one of those near that is meant by it."""
    return " & ".join([f"({_meant_query(word, near)})" for word in typed.split()])


def whole_word_query(word: str) -> str:
    """Exactly this word among the search words, as a PostgreSQL tsquery."""
    return _quoted(word.lower())


def long_words(typed: str) -> list[str]:
    """The words that are long enough to be found in spite of a mistyped letter."""
    return [word for word in typed.split() if _most_mistyped(word)]


def count_mistyped(typed: str, key: str) -> int | None:
    """How many letters somebody mistyped who means the name of this key: left out, put in, exchanged for
    another or with their neighbour. None where they mean another name: a word is neither one of its
    words nor the beginning of one, but for a few letters."""
    counts = [_mistyped(word, key.split()) for word in typed.split()]
    found = [count for count in counts if count is not None]
    return sum(found) if counts and len(found) == len(counts) else None


def likeness(one: str, other: str) -> int:
    """How alike two name keys are, 0 to 100: Dice's coefficient of their three-letter pieces, which
    forgives a typing error and the order of words."""
    pieces, others = set(_pieces(one)), set(_pieces(other))
    if not pieces or not others:
        return 0
    return 200 * len(pieces & others) // (len(pieces) + len(others))


def _mistyped(typed: str, words: list[str]) -> int | None:
    if any(word.startswith(typed) for word in words):
        return 0
    most = _most_mistyped(typed)
    near = [word for word in words if _may_be_near(typed, word, most)]
    return min(filter(None, (_distance(typed, word, most) for word in near)), default=None)


def _may_be_near(one: str, other: str, most: int) -> bool:
    # Each letter that the other word has not at all is one that is mistyped; most words end here.
    letters, others = set(one), set(other)
    return (
        abs(len(one) - len(other)) <= most
        and len(letters - others) <= most
        and len(others - letters) <= most
    )


def _most_mistyped(word: str) -> int:
    return next(letters for length, letters in MISTYPED_MAX if len(word) >= length)


def _distance(one: str, other: str, most: int) -> int | None:
    # Damerau and Levenshtein's, in its simple form (optimal string alignment); None where it is more than
    # `most`, which shows early: no cell further from the diagonal counts, and no row gets nearer again.
    far = most + 1
    oldest: list[int] = []
    before, row = oldest, [min(j, far) for j in range(len(other) + 1)]
    for i, letter in enumerate(one, start=1):
        oldest, before, row = before, row, [min(i, far)] + [far] * len(other)
        for j in range(max(1, i - most), min(len(other), i + most) + 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other[j - 1]))
            if i > 1 and j > 1 and (one[i - 2], letter) == (other[j - 1], other[j - 2]):
                least = min(least, oldest[j - 2] + 1)
            row[j] = least
        if min(row) > most and min(before) > most:
            return None
    return row[-1] if row[-1] <= most else None


def _pieces(key: str) -> Iterator[str]:
    for word in key.split():
        padded = f"  {word} "
        yield from (padded[at : at + 3] for at in range(len(padded) - 2))


def _meant_query(typed: str, near: Collection[str]) -> str:
    meant = [word for word in near if count_mistyped(typed, word)]
    return " | ".join([_prefix(typed), *map(_quoted, meant)])


def _word_query(word: str) -> str:
    parts = fold(word).split()
    if not parts or parts == [word]:
        return _prefix(word)
    return f"{_prefix(word)} | ({_part_query(parts)})"


def _part_query(parts: list[str]) -> str:
    # A Latin letter or digit that something follows stands for itself: whatever begins with it is a tenth
    # of all there is, and would be looked at.
    *before, last = parts
    found = [
        _quoted(part) if len(part) == 1 and part.isascii() else _prefix(part) for part in before
    ]
    return " & ".join([*found, _prefix(last)])


def _condensed(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


def _prefix(word: str) -> str:
    return f"{_quoted(word)}:*"


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
