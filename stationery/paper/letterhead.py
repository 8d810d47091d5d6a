"""What letters and documents have in common: the head of the first page, the foot of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from stationery.paper.fonts import Weight
from stationery.paper.pages import (
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
from stationery.paper.pictures import Picture
from stationery.paper.typesetting import Line, Style, Typesetter

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
_FACT = Style(9)


class Headed(Protocol):
    """What bears our head and foot. `facts` are labels and values beside the recipient, `page` holds
    {page} and {pages}."""

    @property
    def sender(self) -> str: ...
    @property
    def sender_address(self) -> Sequence[str]: ...
    @property
    def sender_email(self) -> str: ...
    @property
    def bank(self) -> str | None: ...
    @property
    def recipient(self) -> Sequence[str]: ...
    @property
    def facts(self) -> Sequence[Sequence[str]]: ...
    @property
    def page(self) -> str: ...


def begin_pages(headed: Headed, setter: Typesetter, logo: Picture | None) -> Pages:
    """The first page with its head, and room for a foot on each; we are below the head."""
    pages = Pages(direction=setter.direction, bottom=_foot_top(_set_foot(headed, setter)) - 8)
    room = WIDTH - (_put_logo(pages, logo) if logo else 0)
    sender = setter.fit(headed.sender, _SENDER, room, lines_max=2)
    moved = max(0.0, pages.end(sender, LEFT, WIDTH, TOP) + 3 - _WINDOW_TOP)
    window_end = _put_window(pages, headed, setter, _WINDOW_TOP + moved)
    facts_end = _put_facts(pages, headed, setter, _FACTS_TOP + moved)
    pages.y = max(window_end + 4, facts_end + 4, _BODY_TOP + moved)
    return pages


def finish_pages(pages: Pages, headed: Headed, setter: Typesetter) -> list[Page]:
    """The pages, each with its number and that of all in its foot."""
    foot = _set_foot(headed, setter)
    for number, page in enumerate(pages.all, 1):
        label = headed.page.replace("{pages}", str(len(pages.all))).replace("{page}", str(number))
        page += _foot(setter, foot, label)
    return pages.all


def _put_logo(pages: Pages, logo: Picture) -> float:
    """Opposite the sender's name, as large as there is room for it; how much of the width it takes."""
    scale = min(_LOGO_WIDTH / logo.width, _LOGO_HEIGHT / logo.height)
    width, height = logo.width * scale, logo.height * scale
    left = RIGHT - width if pages.direction else LEFT
    pages.mark(Image(logo, left, _LOGO_TOP, width, height))
    return width + 5


def _put_window(pages: Pages, headed: Headed, setter: Typesetter, top: float) -> float:
    sender = ", ".join([headed.sender, *(headed.sender_address or [headed.sender_email])])
    lines = setter.fit(sender, _RETURN, _WINDOW_WIDTH, lines_max=1)
    end = pages.begin(lines, LEFT, _WINDOW_WIDTH, top, Colour.GREY)
    recipient = "\n".join(headed.recipient)
    lines = setter.fit(recipient, _RECIPIENT, _WINDOW_WIDTH, lines_max=_RECIPIENT_LINES_MAX)
    top = max(top + _RECIPIENT_TOP - _WINDOW_TOP, end + 1)
    return pages.begin(lines, LEFT, _WINDOW_WIDTH, top)


def _put_facts(pages: Pages, headed: Headed, setter: Typesetter, y: float) -> float:
    width = RIGHT - _FACTS_LEFT
    for label, value in headed.facts:
        y = pages.begin(setter.set(label, _FACT, width), _FACTS_LEFT, width, y, Colour.GREY)
        y = pages.begin(setter.set_apart(value, _FACT, width), _FACTS_LEFT, width, y) + 1
    return y


def _set_foot(headed: Headed, setter: Typesetter) -> list[Line]:
    return setter.fit(_foot_text(headed), _FOOT, WIDTH - _NUMBER_WIDTH, lines_max=2)


def _foot_top(foot: Sequence[Line]) -> float:
    return FOOT - height(foot[1:])


def _foot_text(headed: Headed) -> str:
    """Whom it is from, where answers go, and in a line of its own where money goes."""
    address = [", ".join(headed.sender_address)] if headed.sender_address else []
    who = "  |  ".join([headed.sender, *address, headed.sender_email])
    return f"{who}\n{headed.bank}" if headed.bank else who


def _foot(setter: Typesetter, foot: Sequence[Line], label: str) -> Page:
    sheet, top = Pages(direction=setter.direction, bottom=FOOT), _foot_top(foot)
    sheet.mark(Rule(top, Colour.GREY))
    sheet.begin(foot, LEFT, WIDTH, top + 2, Colour.GREY)
    number = setter.fit(label, _FOOT, _NUMBER_WIDTH - 2, lines_max=1)
    sheet.end(number, LEFT, WIDTH, top + 2, Colour.GREY)
    return sheet.all[0]
