"""Text as people look for it: however it is written, it is found by any other spelling."""

from __future__ import annotations

import re
import unicodedata

# What stands between letters of one word: G.m.b.H., O'Neil.
_WITHIN_WORDS = re.compile(r"[.'’‘ʼ`´]")
# What no decomposition of Unicode takes apart, in the small letters of its own spelling.
_LETTERS = str.maketrans(
    {
        **{"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"},
        **{"ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"},
    }
)
_ACCENTS = re.compile(r"[\u0300-\u036f]")  # of Latin, Greek and Cyrillic letters
_LONG_SPELLINGS = re.compile(r"a[ae]+|oe+|ue+")


def fold(text: str) -> str:
    """The words of a text in small letters, without accents and punctuation, and with one spelling for
    umlauts and their like: "Müller & Söhne G.m.b.H." and "Mueller, Soehne GmbH" are "muller sohne gmbh".

    The beginning of a text is folded to the beginning of what the text is folded to, so that people find
    it while they type; what is folded stays as it is."""
    joined = _WITHIN_WORDS.sub("", unicodedata.normalize("NFKC", text))
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", joined.casefold()))
    plain = unicodedata.normalize("NFC", bare.translate(_LETTERS))
    short = _LONG_SPELLINGS.sub(lambda spelling: spelling[0][0], plain)
    return " ".join("".join(_letter_or_space(character) for character in short).split())


def _letter_or_space(character: str) -> str:
    return character if unicodedata.category(character)[0] in "LMN" else " "
