"""The decode policy, the same in evaluator and trainer: bytes of a JPEG or PNG to 8-bit pixels."""

import io
import struct
from typing import Literal

from PIL import Image, UnidentifiedImageError

from .image_refused import ImageRefused
from .jpeg_segments import check_jpeg
from .orientation import turn_upright
from .png_chunks import PNG_SIGNATURE, read_png
from .png_decode import decode_png

JPEG_START = b"\xff\xd8\xff"


def detect_format(data: bytes) -> Literal["jpeg", "png"]:
    """The format by the first bytes; the file's name has no say."""
    if not data:
        raise ImageRefused("EMPTY_FILE", "the file has no bytes")
    if data.startswith(JPEG_START):
        return "jpeg"
    if data.startswith(PNG_SIGNATURE):
        return "png"
    if data.startswith((b"GIF87a", b"GIF89a")) or _is_animated_webp(data):
        raise ImageRefused("ANIMATED_NOT_SUPPORTED", "animated images are not supported")
    raise ImageRefused("UNSUPPORTED_IMAGE", "the first bytes are neither JPEG nor PNG")


def _is_animated_webp(data: bytes) -> bool:
    extended = data.startswith(b"RIFF") and data[8:16] == b"WEBPVP8X"
    return extended and data[20:21] != b"" and data[20] & 0x02 != 0


def decode_image(
    data: bytes, *, background: int = 0, exif_orientation: Literal["ignore", "apply"] = "ignore"
) -> Image.Image:
    """An image of mode `L`, `RGB` or `CMYK`, or `ImageRefused`. Colour profiles are ignored."""
    is_png = detect_format(data) == "png"
    try:
        if is_png:
            png = read_png(data)
            image, annotations = decode_png(png, background), png.annotations
        else:
            image, annotations = _decode_jpeg(data), None
    except ImageRefused:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error) as error:
        code = "TRUNCATED_IMAGE" if "truncated" in str(error).lower() else "CORRUPT_IMAGE"
        raise ImageRefused(code, str(error)) from error
    return turn_upright(image, data, annotations) if exif_orientation == "apply" else image


def _decode_jpeg(data: bytes) -> Image.Image:
    check_jpeg(data)
    image = Image.open(io.BytesIO(data), formats=["JPEG"])
    image.load()
    return image
