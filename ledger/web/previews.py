"""Small pictures of filed pictures: made anew from the pixels, so that nothing of the file comes along.

A thumbnail has no EXIF (place, camera, time), no colour profile and no trailing
bytes. The decoder is kept on a short leash: a few formats, by the file's content,
and no more pixels than a large camera takes.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
SIDE = 480
PIXELS_MAX = 60_000_000
"""A 60 megapixel picture is 180 MB in memory; anything larger is downloaded, not shown."""

MEDIA = "image/jpeg"
QUALITY = 82
WHITE = (255, 255, 255)


def thumbnail(data: bytes) -> bytes | None:
    """Return a JPEG of at most `SIDE` pixels a side, None where none can or may be made."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > PIXELS_MAX:
                return None
            picture.draft("RGB", (SIDE * 2, SIDE * 2))
            picture.seek(0)
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((SIDE, SIDE))
            return _as_jpeg(upright)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,  # what Pillow raises for a broken PNG
        EOFError,
        IndexError,
        MemoryError,
    ):
        return None


def _as_jpeg(picture: Image.Image) -> bytes:
    """Return only the pixels, on white where the picture is transparent."""
    plain = Image.new("RGB", picture.size, WHITE)
    whole = picture.convert("RGBA")
    plain.paste(whole, mask=whole.getchannel("A"))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
