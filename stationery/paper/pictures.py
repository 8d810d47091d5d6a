"""Pictures as a PDF shows them: points of red, green and blue on white paper."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageOps


@dataclass(frozen=True, slots=True)
class Picture:
    """So many points each way, row by row from the top, three bytes each, deflated."""

    width: int
    height: int
    points: bytes


@lru_cache(maxsize=4)  # all letters of a run bear the same
def read_picture(content: bytes) -> Picture:
    """The picture of a PNG or JPEG, the right way up; what it lets through is white."""
    with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    sheet = Image.new("RGBA", upright.size, "white")
    sheet.alpha_composite(upright)
    return Picture(*sheet.size, zlib.compress(sheet.convert("RGB").tobytes()))
