"""Grammar: what a text, a number or a moment that somebody sends may look like, the same at every door.

A pattern is written in what the regular expressions of Python and of JSON Schema (ECMA 262) have in
common, and has no anchors: what is published is what is checked, from the first character to the last."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from kernel.calendar import FIRST_DAY, FIRST_INSTANT, LAST_DAY, LAST_INSTANT

WHOLE = "0|-?[1-9][0-9]{0,18}"
DECIMAL = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
QUANTITY = r"[1-9][0-9]{0,8}(\.[0-9]{1,3})?|1000000000(\.0{1,3})?"
QUANTITY += r"|0\.([1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9])"
PERCENT = r"(0|[1-9][0-9]?)(\.[0-9]{1,3})?|100(\.0{1,3})?"
_YEAR = "(19[0-9]{2}|2[01][0-9]{2}|2200)"  # as FIRST_DAY and LAST_DAY of the calendar
_TIME = r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
ANY_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
DAY = _YEAR + "-[0-9]{2}-[0-9]{2}"
INSTANT = DAY + _TIME

# Language tags: RFC 5646, 2.1, without what nothing is registered for or no text is written in: languages
# of four letters and more, extended languages, grandfathered and wholly private tags. What a person reads
# is told by LANGUAGE; a text may be in a variety of it.
LANGUAGE = "[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
VARIETY = LANGUAGE + "(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
VARIETY += "(-[0-9A-WYZa-wyz](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?"
LANGUAGE_MAX = 35  # RFC 5646, 4.4.1: what every implementation takes
A_LANGUAGE = "a language tag (BCP 47), such as de, pt-BR or zh-Hant"

# Controls (C0, C1), what turns the direction of writing (U+202A-E, U+2066-9), and what is no character.
_NEVER = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f"
_NEVER += r"\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
_BREAKS = r"\u0009\u000a\u000d\u0085\u2028\u2029"
TEXT = f"[^{_NEVER}]+"
ONE_LINE = f"[^{_NEVER}{_BREAKS}]+"
FILE_NAME = rf"[^{_NEVER}{_BREAKS}/\\]+"

_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_BEYOND = re.compile(  # half characters, and what is none in the planes that a \\u cannot name
    "[\ud800-\udfff"
    + "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"})  # Unicode's categories
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # by their category they would be seen
_BOUNDS = f"Must be from {FIRST_DAY} to {LAST_DAY}."


MISSING, NULL = "Must be given.", "Must not be null."
UNKNOWN, NO_LIST, NO_OBJECT = (
    "Is not known here: leave it out.",
    "Must be a list.",
    "Must be an object.",
)
"""What is wrong with a field, whatever it takes, and what to do."""


class Unreadable(ValueError):
    """Not written as it must be; the text is a sentence that says how."""


def anchored(pattern: str) -> str:
    """The pattern as JSON Schema wants it, which otherwise looks for it anywhere."""
    return f"^({pattern})$" if "|" in pattern else f"^{pattern}$"


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text is what the pattern says."""
    return re.fullmatch(pattern, text) is not None


def read_code(value: object, pattern: str, remedy: str) -> str:
    """A text of one form; Unreadable with the remedy otherwise."""
    if not isinstance(value, str) or not fits(pattern, value):
        raise Unreadable(remedy)
    return value


def read_language(value: object, pattern: str) -> str:
    """A language tag that the pattern takes, in the case that RFC 5646, 2.1.1 asks for: zh-Hant-TW."""
    remedy = f"Must be {A_LANGUAGE}."
    tag = read_code(value, pattern, remedy)
    if len(tag) > LANGUAGE_MAX:
        raise Unreadable(remedy)
    language, script, region, rest = split_language(tag)
    return "-".join(filter(None, [language, script, region])) + rest


def split_language(tag: str) -> tuple[str, str, str, str]:
    """Language, script and region of a tag, and the rest with the hyphen before it, each in its proper
    case, or empty; Unreadable where there is no language."""
    found = re.fullmatch("([a-z]+)(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?((?:-.+)?)", tag.lower())
    if found is None:
        raise Unreadable(f"Must be {A_LANGUAGE}.")
    language, script, region, rest = found.groups(default="")
    return language, script.title(), region.upper(), rest


def read_one_line(value: object, longest: int) -> str:
    """A name, a number, a reference: 1 to `longest` characters, trimmed, in Unicode's normal form C.
    Unreadable where there are line ends, tabs, or what no text may have."""
    if isinstance(value, str) and re.search(f"[{_BREAKS}]", value):
        raise Unreadable("Must be one line, without line ends and tabs.")
    return read_text(value, longest)


def read_file_name(value: object, longest: int) -> str:
    """As `read_one_line`, of a name without the folders that the file lies in."""
    name = read_one_line(value, longest)
    if "/" in name or "\\" in name:
        raise Unreadable("Must be a name without folders: no / and no \\ in it.")
    return name


def read_text(value: object, longest: int) -> str:
    """As `read_one_line`, but in several lines if need be, each ended by a line feed."""
    if not isinstance(value, str):
        raise Unreadable("Must be text.")
    if len(value) > longest:
        raise Unreadable(f"Must have at most {longest} characters.")
    if _BEYOND.search(value) or (value and not fits(TEXT, value)):
        raise Unreadable("Must not have control characters, nor such as turn the writing round.")
    text = unicodedata.normalize("NFC", _LINE_END.sub("\n", value)).strip()
    if not any(map(_is_seen, text)):
        raise Unreadable("Must not be empty, blank or invisible.")
    return text


def _is_seen(character: str) -> bool:
    """Whether it shows by itself, as blanks, marks, and what joins or parts letters do not."""
    return unicodedata.category(character) not in _UNSEEN and character not in _BLANK_LETTERS


def read_whole(value: object, least: int, most: int) -> int:
    """A whole number, and nothing that only means one: no text, no truth value, no 1.0."""
    if type(value) is not int or not least <= value <= most:
        raise Unreadable(f"Must be a whole number, {least} to {most}.")
    return value


def whole_from_text(text: object) -> object:
    """The whole number that stands in a path or a query, where all is text; else what was given."""
    return int(text) if isinstance(text, str) and fits(WHOLE, text) else text


def read_decimal(value: object, pattern: str, remedy: str) -> Decimal:
    """A number as text of one form or, where it is whole, as a number."""
    return Decimal(read_code(str(value) if type(value) is int else value, pattern, remedy))


def read_day(value: object) -> date:
    """A civil day of our time: `FIRST_DAY` to `LAST_DAY` of the calendar."""
    remedy = "Must be a day such as 2026-01-31."
    try:
        day = date.fromisoformat(read_code(value, ANY_DAY, remedy))
    except ValueError as error:
        raise Unreadable(remedy) from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Unreadable(_BOUNDS)
    return day


def read_instant(value: object) -> datetime:
    """A moment of our time with its offset from UTC (RFC 3339)."""
    remedy = "Must be a moment with its offset, such as 2026-01-31T09:00:00Z."
    try:
        written = read_code(value, ANY_DAY + _TIME, remedy)
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise Unreadable(remedy) from error
    if not written.endswith("Z") and written[-2] > "5":  # Python takes -00:60 for an hour
        raise Unreadable(remedy)
    if not FIRST_INSTANT <= moment <= LAST_INSTANT:
        raise Unreadable(_BOUNDS)
    return moment
