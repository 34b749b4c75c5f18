"""What a PNG file says about itself, checked before any pixel is decoded."""

import struct
import zlib
from dataclasses import dataclass

from .check_dimensions import check_dimensions
from .image_refused import ImageRefused
from .png_pixel_data import PngHeader, require_all_pixels

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class PngFile:
    header: PngHeader
    transparency: bytes | None
    exif: bytes | None
    pixels_only: bytes
    """The file without what the policy ignores (profiles, gamma, text) or applies itself (tRNS)."""


def read_png(data: bytes) -> PngFile:
    """Checks every chunk up to IEND; what follows IEND is ignored, as after a JPEG's end marker."""
    offset = len(PNG_SIGNATURE)
    header: PngHeader | None = None
    transparency = exif = None
    pixel_data: list[bytes] = []
    kept = [PNG_SIGNATURE]
    while True:
        kind, body, end = _read_chunk(data, offset)
        if header is None:
            header = _read_header(kind, body)
        if kind == b"acTL":
            raise ImageRefused("ANIMATED_NOT_SUPPORTED", "the PNG is an animation")
        if kind == b"IDAT":
            pixel_data.append(body)
        if kind == b"tRNS":
            transparency = body
        elif kind == b"eXIf":
            exif = body
        elif kind in (b"IHDR", b"PLTE", b"IDAT", b"IEND"):
            kept.append(data[offset:end])
        elif kind[0] & 0x20 == 0:
            # An upper-case first letter marks a chunk without which the image cannot be shown.
            raise ImageRefused("CORRUPT_IMAGE", f"unknown critical chunk {kind!r}")
        if kind == b"IEND":
            require_all_pixels(header, pixel_data)
            return PngFile(header, transparency, exif, b"".join(kept))
        offset = end


def _read_chunk(data: bytes, offset: int) -> tuple[bytes, bytes, int]:
    if offset + 12 > len(data):
        raise ImageRefused("TRUNCATED_IMAGE", "the PNG ends before its IEND chunk")
    length, kind = struct.unpack_from(">I4s", data, offset)
    end = offset + 12 + length
    if end > len(data):
        raise ImageRefused("TRUNCATED_IMAGE", f"the PNG ends inside its chunk {kind!r}")
    body = data[offset + 8 : end - 4]
    if zlib.crc32(kind + body) != struct.unpack_from(">I", data, end - 4)[0]:
        raise ImageRefused("CORRUPT_IMAGE", f"the checksum of chunk {kind!r} is wrong")
    return kind, body, end


def _read_header(kind: bytes, body: bytes) -> PngHeader:
    if kind != b"IHDR" or len(body) != 13:
        raise ImageRefused("CORRUPT_IMAGE", "the PNG does not start with its header")
    width, height, bit_depth, colour_type, _, _, interlace = struct.unpack(">IIBBBBB", body)
    check_dimensions(width, height)
    return PngHeader(width, height, bit_depth, colour_type, interlace == 1)
