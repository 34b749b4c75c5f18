"""Files as other programs write them: the pixels are Pillow's own."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from pictures import chunk, encode, noise, raw_png, smooth_grey
from PIL import Image, ImageOps

from second_reader_trainer.decode import decode_image
from second_reader_trainer.image_refused import ImageRefused

CASES = Path(__file__).parents[2] / "tests" / "cases"
ODD = [
    "arithmetic.jpg",
    "lossless.jpg",
    "stray-bytes-between-segments.jpg",
    "one-frame-apng.png",
    "exif-prefix-twice.jpg",
    "exif-chunk-with-prefix.png",
]
TIFF = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
XMP = b'<rdf:Description tiff:Orientation="8"/>'


def upright_by_pillow(data: bytes) -> Image.Image:
    return ImageOps.exif_transpose(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize("name", ODD)
def test_gives_the_pixels_of_pillow(name: str):
    data = (CASES / name).read_bytes()
    assert np.array_equal(decode_image(data, exif_orientation="apply"), upright_by_pillow(data))


@pytest.mark.parametrize("name", ["exif-prefix-twice.jpg", "exif-chunk-with-prefix.png"])
def test_leaves_a_picture_as_stored_where_the_card_says_so(name: str):
    data = (CASES / name).read_bytes()
    assert np.array_equal(decode_image(data), Image.open(io.BytesIO(data)))
    assert not np.array_equal(decode_image(data), upright_by_pillow(data))


def profile(block: bytes) -> bytes:
    return b"\nexif\n%8d\n%s\n" % (len(block), block.hex().encode())


@pytest.mark.parametrize(
    "annotation",
    [
        chunk(b"eXIf", TIFF),
        chunk(b"eXIf", b"Exif\0\0" + TIFF),
        chunk(b"tEXt", b"Raw profile type exif\0" + profile(TIFF)),
        chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(profile(TIFF))),
        chunk(b"tEXt", b"exif\0" + TIFF),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
    ],
)
@pytest.mark.parametrize("behind", [False, True])
def test_turns_a_png_by_every_annotation_that_pillow_follows(annotation: bytes, behind: bool):
    plain = raw_png(noise(5, 9, 1), 0, 8)
    at = len(plain) - 12 if behind else 33
    data = plain[:at] + annotation + plain[at:]
    turned = decode_image(data, exif_orientation="apply")
    assert turned.size == (5, 9)
    assert np.array_equal(turned, upright_by_pillow(data))


def test_turns_a_jpeg_whose_exif_goes_on_in_a_second_segment_or_that_has_only_xmp():
    jpeg = encode(smooth_grey(), "JPEG")

    def segment(body: bytes) -> bytes:
        return b"\xff\xe1" + struct.pack(">H", 2 + len(body)) + body

    exif = segment(b"Exif\0\0" + TIFF[:11]) + segment(b"Exif\0\0" + TIFF[11:])
    xmp = segment(b"http://ns.adobe.com/xap/1.0/\0" + XMP)
    for annotation in (exif, xmp):
        data = jpeg[:2] + annotation + jpeg[2:]
        turned = decode_image(data, exif_orientation="apply")
        assert not np.array_equal(turned, decode_image(data))
        assert np.array_equal(turned, upright_by_pillow(data))


@pytest.mark.parametrize("stray", [bytes(9), b"stray", b"\xff\xff\xff", b"\xff\0\x07"])
def test_passes_over_stray_bytes_before_any_segment(stray: bytes):
    jpeg = encode(smooth_grey(), "JPEG")
    at = 2 + 2 + struct.unpack_from(">H", jpeg, 4)[0]
    data = jpeg[:at] + stray + jpeg[at:]
    assert np.array_equal(decode_image(data), Image.open(io.BytesIO(data)))
    assert np.array_equal(decode_image(data), decode_image(jpeg))


@pytest.mark.parametrize(
    ("marker", "words"),
    [(0xC5, "hierarchical JPEG (SOF5)"), (0xCB, "lossless JPEG with arithmetic coding (SOF11)")],
)
def test_names_the_kind_of_jpeg_that_it_does_not_read(marker: int, words: str):
    data = bytearray(encode(smooth_grey(), "JPEG"))
    data[data.index(b"\xff\xc0") + 1] = marker
    with pytest.raises(ImageRefused, match="UNSUPPORTED_IMAGE") as caught:
        decode_image(bytes(data))
    assert words in caught.value.message


def test_scales_by_the_bits_that_the_file_states():
    data = (CASES / "twelve-bits-in-sixteen.png").read_bytes()
    samples = np.asarray(Image.open(io.BytesIO(data))).astype(float)
    assert np.array_equal(decode_image(data), np.rint(samples * 255 / 4095))


@pytest.mark.parametrize("bits", [8, 10, 15])
@pytest.mark.parametrize(("colour_type", "bands"), [(0, 1), (2, 3)])
def test_scales_by_16_bits_where_samples_were_spread_over_them(
    bits: int, colour_type: int, bands: int
):
    top = (1 << bits) - 1
    low = noise(9, 11, bands, top=1 << bits)
    low[0, 0] = top
    stated = (chunk(b"sBIT", bytes([bits] * bands)),)
    expected = np.rint(low * 255 / top).squeeze()
    assert np.array_equal(decode_image(raw_png(low, colour_type, 16, stated)), expected)
    spread = np.rint(low * 65535 / top).astype(int)
    levels = decode_image(raw_png(spread, colour_type, 16, stated))
    assert np.array_equal(levels, np.rint(spread / 257).squeeze())


def test_warns_of_a_16_bit_picture_that_is_nearly_black_without_saying_why():
    low = noise(9, 11, 1, top=4096)
    with pytest.warns(UserWarning, match="nearly black"):
        decode_image(raw_png(low, 0, 16))
