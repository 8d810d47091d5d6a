"""Where everything of a letter stands: measured before anything is drawn, so that nothing lies on other
text or beyond the paper. Millimetres from the top left of A4, points for sizes of letters."""

from __future__ import annotations

from collections.abc import Sequence

from services.collections.letters.rules import Letter
from services.collections.paper.fonts import Weight
from services.collections.paper.pages import (
    FOOT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Colour,
    Image,
    Page,
    Pages,
    Rule,
    height,
)
from services.collections.paper.pictures import Picture
from services.collections.paper.tables import put_table
from services.collections.paper.typesetting import Line, Style, Typesetter

# The recipient stands where a window envelope shows it (DIN 5008, form B), whichever way the letter
# runs. What does not fit there in the smallest size moves the rest down.
_WINDOW_WIDTH, _WINDOW_TOP, _RECIPIENT_TOP, _BODY_TOP = 85.0, 45.0, 50.5, 88.0
_RECIPIENT_LINES_MAX = 6
_FACTS_LEFT, _FACTS_TOP = 120.0, 50.0
_LOGO_WIDTH, _LOGO_HEIGHT, _LOGO_TOP = 70.0, 20.0, 15.0
_NUMBER_WIDTH = 37.0  # of the page's number in the foot
_SENDER = [Style(size, Weight.BOLD) for size in (15, 13, 11)]
_RECIPIENT = [Style(size) for size in (11, 10, 9, 8)]
_RETURN = [Style(size) for size in (7, 6)]
_FOOT = [Style(size) for size in (8, 7, 6)]
_FACT, _TEXT, _SUBJECT = Style(9), Style(10.5), Style(12, Weight.BOLD)


def lay_out(letter: Letter, setter: Typesetter, logo: Picture | None = None) -> list[Page]:
    """The pages of a letter, the logo on the first, each with its number and that of all in its foot."""
    foot = setter.fit(_foot_text(letter), _FOOT, WIDTH - _NUMBER_WIDTH, lines_max=2)
    foot_top = FOOT - height(foot[1:])
    pages = Pages(direction=setter.direction, bottom=foot_top - 8)
    _put_head(pages, letter, setter, logo)
    pages.flow(setter.set(letter.opening, _TEXT, WIDTH), after=5)
    put_table(pages, setter, letter)
    pages.flow(setter.set(letter.closing, _TEXT, WIDTH), after=5)
    pages.flow(setter.set_apart(letter.sender, _TEXT, WIDTH), after=0)
    for number, page in enumerate(pages.all, 1):
        label = letter.page.replace("{pages}", str(len(pages.all))).replace("{page}", str(number))
        page += _foot(setter, foot, foot_top, label)
    return pages.all


def _put_head(pages: Pages, letter: Letter, setter: Typesetter, logo: Picture | None) -> None:
    room = WIDTH - (_put_logo(pages, logo) if logo else 0)
    sender = setter.fit(letter.sender, _SENDER, room, lines_max=2)
    moved = max(0.0, pages.end(sender, LEFT, WIDTH, TOP) + 3 - _WINDOW_TOP)
    window_end = _put_window(pages, letter, setter, _WINDOW_TOP + moved)
    facts_end = _put_facts(pages, letter, setter, _FACTS_TOP + moved)
    pages.y = max(window_end + 4, facts_end + 4, _BODY_TOP + moved)
    day = setter.set_apart(letter.written_on, _TEXT, WIDTH)
    pages.y = pages.end(day, LEFT, WIDTH, pages.y) + 6
    pages.flow(setter.set(letter.subject, _SUBJECT, WIDTH), after=4)


def _put_logo(pages: Pages, logo: Picture) -> float:
    """Opposite the sender's name, as large as there is room for it; how much of the width it takes."""
    scale = min(_LOGO_WIDTH / logo.width, _LOGO_HEIGHT / logo.height)
    width, height = logo.width * scale, logo.height * scale
    left = RIGHT - width if pages.direction else LEFT
    pages.mark(Image(logo, left, _LOGO_TOP, width, height))
    return width + 5


def _put_window(pages: Pages, letter: Letter, setter: Typesetter, top: float) -> float:
    sender = ", ".join([letter.sender, *(letter.sender_address or [letter.sender_email])])
    lines = setter.fit(sender, _RETURN, _WINDOW_WIDTH, lines_max=1)
    end = pages.begin(lines, LEFT, _WINDOW_WIDTH, top, Colour.GREY)
    recipient = "\n".join(letter.recipient)
    lines = setter.fit(recipient, _RECIPIENT, _WINDOW_WIDTH, lines_max=_RECIPIENT_LINES_MAX)
    top = max(top + _RECIPIENT_TOP - _WINDOW_TOP, end + 1)
    return pages.begin(lines, LEFT, _WINDOW_WIDTH, top)


def _foot_text(letter: Letter) -> str:
    """Whom the letter is from, where answers go, and in a line of its own where money goes."""
    address = [", ".join(letter.sender_address)] if letter.sender_address else []
    who = "  |  ".join([letter.sender, *address, letter.sender_email])
    return f"{who}\n{letter.bank}" if letter.bank else who


def _put_facts(pages: Pages, letter: Letter, setter: Typesetter, y: float) -> float:
    width = RIGHT - _FACTS_LEFT
    for label, value in letter.facts:
        y = pages.begin(setter.set(label, _FACT, width), _FACTS_LEFT, width, y, Colour.GREY)
        y = pages.begin(setter.set_apart(value, _FACT, width), _FACTS_LEFT, width, y) + 1
    return y


def _foot(setter: Typesetter, foot: Sequence[Line], top: float, label: str) -> Page:
    sheet = Pages(direction=setter.direction, bottom=FOOT)
    sheet.mark(Rule(top, Colour.GREY))
    sheet.begin(foot, LEFT, WIDTH, top + 2, Colour.GREY)
    number = setter.fit(label, _FOOT, _NUMBER_WIDTH - 2, lines_max=1)
    sheet.end(number, LEFT, WIDTH, top + 2, Colour.GREY)
    return sheet.all[0]
