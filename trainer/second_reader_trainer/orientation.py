"""How a file asks to be turned: what Pillow finds in its EXIF and XMP, wherever they stand."""

import io
import struct
import zlib

from PIL import Image

from .png_chunks import PNG_SIGNATURE, encode_chunk

ORIENTATION_TAG = 0x0112

TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

HEADER = encode_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
PIXEL = encode_chunk(b"IDAT", zlib.compress(b"\0\0")) + encode_chunk(b"IEND", b"")


def turn_upright(image: Image.Image, original: bytes, annotations: bytes | None) -> Image.Image:
    """`image`, turned as its file asks. `annotations`: the chunks of a PNG that may say so."""
    if annotations is not None:
        # Pillow then finds them without decoding the pixels once more.
        original = PNG_SIGNATURE + HEADER + annotations + PIXEL
    try:
        with Image.open(io.BytesIO(original), formats=["JPEG", "PNG"]) as annotated:
            orientation = annotated.getexif().get(ORIENTATION_TAG)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error):
        return image  # a damaged annotation is no damage of the picture
    transposition = TRANSPOSITIONS.get(orientation)
    return image if transposition is None else image.transpose(transposition)
