"""What a PNG file says about itself, checked before any pixel is decoded."""

import struct
import zlib
from dataclasses import dataclass

from .check_dimensions import check_dimensions
from .image_refused import ImageRefused

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
TEXTS = (b"tEXt", b"zTXt", b"iTXt")
ANNOTATION_KEYS = (b"Raw profile type exif", b"XML:com.adobe.xmp")
SAMPLES_PER_PIXEL = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By colour type: grey, colour, palette, grey with alpha, colour with alpha."""
PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class PngHeader:
    width: int
    height: int
    bit_depth: int
    colour_type: int


@dataclass(frozen=True)
class PngFile:
    header: PngHeader
    significant_bits: tuple[int, ...] | None
    """How many bits of each channel the source had, where the file states it (sBIT)."""
    annotations: bytes
    """The chunks that may say how to turn the picture."""
    pixels_only: bytes
    """The file without what the policy ignores: profiles, gamma, text."""


def read_png(data: bytes) -> PngFile:
    """Checks every chunk up to IEND; what follows IEND is ignored, as after a JPEG's end marker."""
    chunks = _read_chunks(data)
    header = _read_header(*chunks[0][:2])
    before_pixels = []
    for kind, body, _ in chunks:
        if kind == b"IDAT":
            break
        before_pixels.append((kind, body))
    if _is_animated(before_pixels):
        raise ImageRefused("ANIMATED_NOT_SUPPORTED", "the PNG is an animation")
    _require_pixel_data(header, [body for kind, body, _ in chunks if kind == b"IDAT"])
    return PngFile(
        header,
        _significant_bits(header, chunks),
        b"".join(whole for kind, body, whole in chunks if _is_annotation(kind, body)),
        PNG_SIGNATURE + b"".join(whole for kind, _, whole in chunks if kind in KEPT),
    )


def encode_chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


def _read_chunks(data: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """Kind, body and all bytes of each."""
    chunks = []
    offset = len(PNG_SIGNATURE)
    while True:
        kind, body, end = _read_chunk(data, offset)
        if not chunks:
            _read_header(kind, body)  # refuses a size before it reads on
        # An upper-case first letter marks a chunk without which the image cannot be shown.
        if kind not in KEPT and kind[0] & 0x20 == 0:
            raise ImageRefused("CORRUPT_IMAGE", f"unknown critical chunk {kind!r}")
        chunks.append((kind, body, data[offset:end]))
        if kind == b"IEND":
            return chunks
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
    width, height, bit_depth, colour_type = struct.unpack_from(">IIBB", body)
    check_dimensions(width, height)
    return PngHeader(width, height, bit_depth, colour_type)


def _require_pixel_data(header: PngHeader, pixel_data: list[bytes]) -> None:
    """The decoder shows pixels under a wrong checksum, and names some that are missing damaged."""
    bits = header.width * SAMPLES_PER_PIXEL.get(header.colour_type, 0) * header.bit_depth
    # A row has its filter's byte and its samples; filled up to a byte, which is not counted here.
    expected = header.height + header.height * bits // 8
    enough = 2 * expected + PIECE_BYTES
    inflater = zlib.decompressobj()
    inflated = 0
    try:
        for body in pixel_data:
            waiting = body
            while waiting and not inflater.eof and inflated <= enough:
                inflated += len(inflater.decompress(waiting, PIECE_BYTES))
                waiting = inflater.unconsumed_tail
        if inflated <= enough:
            # All input is taken; a last repetition may still be under way.
            inflated += len(inflater.flush())
    except zlib.error as error:
        raise ImageRefused("CORRUPT_IMAGE", f"broken pixel data: {error}") from error
    if inflated < expected or (inflated <= enough and not inflater.eof):
        raise ImageRefused("TRUNCATED_IMAGE", "the PNG's pixels end early")


def _is_animated(before_pixels: list[tuple[bytes, bytes]]) -> bool:
    """An animation whose one frame is the picture itself is none; the same rule as Pillow's."""
    controls = [body for kind, body in before_pixels if kind == b"acTL"]
    if len(controls) != 1 or len(controls[0]) < 8:
        return False
    (frames,) = struct.unpack_from(">I", controls[0])
    if frames == 0 or frames > 1 << 31:
        return False
    return frames > 1 or all(kind != b"fcTL" for kind, _ in before_pixels)


def _significant_bits(
    header: PngHeader, chunks: list[tuple[bytes, bytes, bytes]]
) -> tuple[int, ...] | None:
    body = next((body for kind, body, _ in chunks if kind == b"sBIT"), b"")
    if len(body) != SAMPLES_PER_PIXEL.get(header.colour_type):
        return None
    return tuple(body) if all(1 <= bits <= header.bit_depth for bits in body) else None


def _is_annotation(kind: bytes, body: bytes) -> bool:
    key = body.split(b"\0", 1)[0]
    if kind == b"eXIf" or (kind == b"tEXt" and key == b"exif"):
        return True
    return kind in TEXTS and key in ANNOTATION_KEYS
