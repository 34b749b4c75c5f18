"""The decode policy, the same in evaluator and trainer: bytes of a JPEG or PNG to 8-bit pixels."""

import io
import struct
from typing import Literal

from PIL import Image, UnidentifiedImageError

from .check_dimensions import check_dimensions
from .image_refused import ImageRefused
from .png_chunks import PNG_SIGNATURE, read_png
from .png_decode import decode_png

JPEG_START = b"\xff\xd8\xff"
EXIF_ORIENTATION = 0x0112

TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


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
            image, exif = decode_png(png, background), png.exif
        else:
            image = _decode_jpeg(data)
            exif = image.info.get("exif")
    except ImageRefused:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error) as error:
        code = "TRUNCATED_IMAGE" if "truncated" in str(error).lower() else "CORRUPT_IMAGE"
        raise ImageRefused(code, str(error)) from error
    if exif_orientation == "apply" and exif:
        return _orient(image, exif)
    return image


def _decode_jpeg(data: bytes) -> Image.Image:
    _require_jpeg_end(data)
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG"])
    except Image.DecompressionBombError as error:
        raise ImageRefused("TOO_MANY_PIXELS", str(error)) from error
    check_dimensions(image.width, image.height)
    image.load()
    return image


def _require_jpeg_end(data: bytes) -> None:
    """Tells a file cut off from a damaged one, which Pillow does not while it reads the header."""
    offset = 2
    while data[offset + 1 : offset + 2] != b"\xda":  # start of the scan
        if offset + 4 > len(data):
            raise ImageRefused("TRUNCATED_IMAGE", "the JPEG ends before its first scan")
        if data[offset] != 0xFF:
            raise ImageRefused("CORRUPT_IMAGE", "the JPEG has bytes where a marker must stand")
        if data[offset + 1] == 0xFF:  # a fill byte
            offset += 1
            continue
        offset += 2 + struct.unpack_from(">H", data, offset + 2)[0]
    # In the coded data every 0xFF is followed by 0x00 or a restart marker.
    if data.find(b"\xff\xd9", offset) < 0:
        raise ImageRefused("TRUNCATED_IMAGE", "the JPEG has no end marker")


def _orient(image: Image.Image, exif: bytes) -> Image.Image:
    tags = Image.Exif()
    try:
        tags.load(exif)
        orientation = tags.get(EXIF_ORIENTATION)
    except (OSError, SyntaxError, ValueError, KeyError, struct.error):
        return image  # a damaged annotation is no damage of the picture
    transposition = TRANSPOSITIONS.get(orientation)
    return image if transposition is None else image.transpose(transposition)
