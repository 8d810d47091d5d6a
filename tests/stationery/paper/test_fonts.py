"""Claims about which typeface has a character."""

from __future__ import annotations

from pathlib import Path

import pytest

from stationery.paper.fonts import Fonts, FontsMissing, Weight


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("ẞəĠĐž€", "NotoSans-Regular"),
        ("Ωмє", "NotoSans-Regular"),
        ("م", "NotoSansArabic-Regular"),
        ("ש", "NotoSansHebrew-Regular"),
        ("क्ष", "NotoSansDevanagari-Regular"),
        ("ท", "NotoSansThai-Regular"),
        ("თ", "NotoSansGeorgian-Regular"),
        ("Հ", "NotoSansArmenian-Regular"),
        ("ཀ", "NotoSerifTibetan-Regular"),
        ("東", "NotoSansCJK-Regular"),
        ("한", "NotoSansCJK-Regular"),
        ("✓", "NotoSansSymbols2-Regular"),
    ],
)
def test_every_script_has_a_typeface_of_its_own(fonts: Fonts, text: str, stem: str) -> None:
    face = fonts.choose(text, Weight.REGULAR, "JP")

    assert face is not None and face.path.stem == stem


@pytest.mark.parametrize("emoji", "😀👍🍕❤")
def test_emoji_are_drawn_in_black(fonts: Fonts, emoji: str) -> None:
    assert fonts.choose(emoji, Weight.REGULAR, "JP") is not None


@pytest.mark.parametrize("style", ["SC", "TC", "HK", "JP", "KR"])
def test_chinese_characters_have_the_shapes_asked_for(fonts: Fonts, style: str) -> None:
    face = fonts.east_asian("骨", Weight.BOLD, style)

    assert face is not None
    assert (face.family, face.path.stem) == (f"Noto Sans CJK {style}", "NotoSansCJK-Bold")


def test_what_no_typeface_has_gets_none(fonts: Fonts) -> None:
    assert fonts.choose("\ue000", Weight.REGULAR, "JP") is None


def test_what_is_not_there_in_bold_is_taken_as_it_is(fonts: Fonts) -> None:
    face = fonts.choose("ᠮ", Weight.BOLD, "JP")  # there is no bold Mongolian

    assert face is not None and face.path.stem == "NotoSansMongolian-Regular"


def test_without_noto_letters_are_set_in_dejavu(fonts: Fonts, tmp_path: Path) -> None:
    dejavu = fonts.choose("😀", Weight.REGULAR, "JP")
    assert dejavu is not None and dejavu.path.stem == "DejaVuSans"
    (tmp_path / dejavu.path.name).symlink_to(dejavu.path)

    only = Fonts(tmp_path)

    assert only.main(Weight.BOLD).path.stem == "DejaVuSans"
    assert only.choose("ẞəĠĐž م", Weight.REGULAR, "JP") is not None
    assert only.choose("東", Weight.REGULAR, "JP") is None


def test_without_any_typeface_somebody_is_told_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="apt-get install fonts-noto-core"):
        Fonts(tmp_path).main(Weight.REGULAR)
