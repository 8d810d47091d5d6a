"""Language tags, which text fits a reader, and how a language writes days, amounts and lines. Pure.

Unicode's locale data (CLDR, by way of babel) know how languages write. Days keep Western digits, and
amounts their ISO 4217 code: whoever reads the letter, and in whatever country, means the same sum."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from kernel.grammar import VARIETY, Unreadable, read_language, split_language
from kernel.money import Money, decimals

_LATER_NAMES = {"no": "nb"}  # besides CLDR's: what most who say Norwegian write
_OURS = {"en": "en-GB"}  # where a tag leaves it open
_LEFTWARDS = frozenset("Adlm Arab Hebr Mand Mend Nkoo Rohg Samr Syrc Thaa Yezi".split())
_HAN_STYLES = {"ja": "JP", "ko": "KR", "zh": "SC"}
_TRADITIONAL = {"HK": "HK", "MO": "HK"}


@lru_cache(maxsize=1000)
def canonical(tag: str) -> str | None:
    """The tag as RFC 5646 spells it, under the language's present name: `DE-at` is `de-AT`, `iw` is
    `he`. None if it is no tag."""
    try:
        language, script, region, rest = split_language(read_language(tag, VARIETY))
    except Unreadable:
        return None
    language = _LATER_NAMES.get(language) or get_global("language_aliases").get(language, language)
    named, _, its_script = language.partition("_")  # Serbo-Croatian was Serbian in Latin script
    return "-".join(filter(None, [named, script or its_script, region])) + rest


def look_up(wanted: str, available: Iterable[str]) -> str | None:
    """The tag among those available that fits a reader of `wanted` best; None if none does.

    RFC 4647, 3.4: the tag itself, then ever shorter ones. Before the bare language stands what is
    likely meant (CLDR's likely subtags): who reads zh-TW reads zh-Hant rather than zh."""
    fitting: dict[str, str] = {}
    for tag in available:
        own = canonical(tag) or tag
        fitting.setdefault(_likely(own), tag)
        fitting[own] = tag
    return next((fitting[one] for one in _ever_shorter(wanted) if one in fitting), None)


def _ever_shorter(tag: str) -> Iterator[str]:
    own = canonical(tag)
    if own is not None:
        yield from _shortened(own)
        yield from _shortened(_likely(own))
        yield own.partition("-")[0]


def _shortened(tag: str) -> Iterator[str]:
    """The tag and ever shorter ones, the language alone not among them unless it is all there is."""
    parts = tag.split("-")
    yield tag
    while len(parts) > 2:
        parts.pop()
        if len(parts[-1]) == 1:
            parts.pop()
        if len(parts) > 1:
            yield "-".join(parts)


@lru_cache(maxsize=1000)
def _likely(tag: str) -> str:
    """The tag with the script and region that are meant where it names none: `zh-TW` is `zh-Hant-TW`;
    without variants and extensions."""
    language, script, region = _subtags(tag)
    likely = get_global("likely_subtags")
    for known in ((language, script, region), (language, region), (language, script), (language,)):
        full = likely.get("_".join(filter(None, known)))
        if all(known) and full is not None:
            found = full.split("_")
            return "-".join([found[0], script or found[1], region or found[2]])
    return tag


def _subtags(tag: str) -> tuple[str, str, str]:
    language, *rest = tag.split("-")
    script = rest.pop(0) if rest and len(rest[0]) == 4 and rest[0].isalpha() else ""
    region = rest[0] if rest and re.fullmatch(r"[A-Z]{2}|\d{3}", rest[0]) else ""
    return language, script, region


def is_right_to_left(tag: str) -> bool:
    """Whether the language is written from right to left."""
    return _subtags(_likely(canonical(tag) or ""))[1] in _LEFTWARDS


def han_style(tag: str) -> str | None:
    """Whose shapes of Chinese characters a reader of the language expects: JP, KR, SC (simplified), TC
    (traditional) or HK; None where the language has none of its own."""
    language, script, region = _subtags(_likely(canonical(tag) or ""))
    if (language, script) == ("zh", "Hant"):
        return _TRADITIONAL.get(region, "TC")
    return _HAN_STYLES.get(language)


def ways_of(language: str, reader: str) -> str:
    """Whose ways of writing days and amounts a text has: the reader's where it is the text's language
    and script, so that de-CH gets its own marks in a text for all who read German."""
    is_same = _subtags(_likely(canonical(reader) or ""))[:2] == _subtags(_likely(language))[:2]
    return reader if is_same else language


def write_day(day: date, tag: str) -> str:
    """A day as people read it in that language: `5 March 2026`, `5. März 2026`; `2026-03-05` where
    nothing is known of it."""
    locale = _locale(tag)
    return format_date(day, "long", locale) if locale else day.isoformat()


def write_money(money: Money, tag: str) -> str:
    """An amount as people read it in that language: `1,234.50 EUR`, `1.234,50 EUR`."""
    locale = _locale(tag) or Locale("en")
    places = decimals(money.currency)
    whole = locale.decimal_formats[None].pattern.partition(".")[0]
    pattern = f"{whole}.{'0' * places}" if places else whole
    number = format_decimal(Decimal(money.minor).scaleb(-places), pattern, locale)
    return f"{number} {money.currency}"


def write_number(number: Decimal, tag: str) -> str:
    """A number as people read it in that language, with the decimals that it needs: `1,234.5`."""
    text: str = format_decimal(number, locale=_locale(tag) or "en", decimal_quantization=False)
    return text


def write_percent(percent: Decimal, tag: str) -> str:
    """So many percent as people read it in that language: `19%`, `5,5 %`."""
    locale = _locale(tag) or "en"
    text: str = format_percent(percent / 100, locale=locale, decimal_quantization=False)
    return text


@lru_cache(maxsize=1000)
def _locale(tag: str) -> Locale | None:
    for one in _ever_shorter(_OURS.get(tag, tag)):
        try:
            return Locale.parse(one, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None
