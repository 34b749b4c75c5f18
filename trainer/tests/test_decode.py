import io
import struct

import numpy as np
import pytest
from pictures import PNG_SIGNATURE, chunk, encode, interlaced_png, noise, raw_png, smooth_grey
from PIL import Image

from second_reader_trainer.check_dimensions import MAX_PIXELS
from second_reader_trainer.decode import decode_image
from second_reader_trainer.image_refused import ImageRefused


def refusal(data: bytes) -> str:
    with pytest.raises(ImageRefused) as caught:
        decode_image(data)
    return caught.value.code


def to_8_bit(samples: np.ndarray) -> np.ndarray:
    return np.rint(samples / 257).astype(np.uint8)


def over(colour: np.ndarray, alpha: np.ndarray, background: int) -> np.ndarray:
    return np.rint(colour * (alpha / 255.0) + background * (1 - alpha / 255.0)).astype(np.uint8)


def test_keeps_8_bit_grey_and_colour_as_they_are():
    grey, colour = noise(5, 7, 1), noise(5, 7, 3)
    assert np.array_equal(decode_image(raw_png(grey, 0, 8)), grey[:, :, 0])
    assert np.array_equal(decode_image(raw_png(colour, 2, 8)), colour)


@pytest.mark.parametrize(("colour_type", "bands"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_scales_16_bit_by_257_and_rounds(colour_type: int, bands: int):
    samples = noise(9, 11, bands, top=65536)
    expected = to_8_bit(samples)
    if colour_type in (4, 6):
        samples[:, :, -1] = 65535
        expected = expected[:, :, :-1]
    # Cutting off the low byte would give other levels in about half of the samples.
    assert not np.array_equal(expected, (samples >> 8)[:, :, : expected.shape[2]])
    assert np.array_equal(decode_image(raw_png(samples, colour_type, 16)), expected.squeeze())


@pytest.mark.parametrize("colour_type", [4, 6])
@pytest.mark.parametrize("bit_depth", [8, 16])
@pytest.mark.parametrize("background", [0, 200])
def test_composites_alpha_on_the_background(colour_type: int, bit_depth: int, background: int):
    bands = 2 if colour_type == 4 else 4
    samples = noise(9, 11, bands, top=1 << bit_depth)
    levels = to_8_bit(samples) if bit_depth == 16 else samples
    expected = over(levels[:, :, :-1], levels[:, :, -1:], background).squeeze()
    image = decode_image(raw_png(samples, colour_type, bit_depth), background=background)
    assert np.array_equal(image, expected)


@pytest.mark.parametrize("bit_depth", [1, 2, 4, 8, 16])
def test_makes_the_transparent_grey_level_background(bit_depth: int):
    samples = noise(16, 16, 1, top=1 << min(bit_depth, 4))
    transparent = int(samples[3, 4, 0])
    data = raw_png(samples, 0, bit_depth, (chunk(b"tRNS", struct.pack(">H", transparent)),))
    levels = np.rint(samples[:, :, 0] * 255 / ((1 << bit_depth) - 1))
    expected = np.where(samples[:, :, 0] == transparent, 77, levels)
    assert np.array_equal(decode_image(data, background=77), expected)


@pytest.mark.parametrize("bit_depth", [8, 16])
def test_makes_the_transparent_colour_background(bit_depth: int):
    samples = noise(6, 6, 3, top=1 << bit_depth)
    colour = struct.pack(">3H", *samples[2, 3])
    data = raw_png(samples, 2, bit_depth, (chunk(b"tRNS", colour),))
    expected = to_8_bit(samples) if bit_depth == 16 else samples.copy()
    expected[2, 3] = 9
    assert np.array_equal(decode_image(data, background=9), expected)


def test_composites_a_palette_with_alpha():
    palette, alpha = noise(16, 3, 1)[:, :, 0], noise(10, 1, 1, seed=1)[:, 0, 0]
    indices = noise(8, 8, 1, top=16, seed=2)
    extra = (
        chunk(b"PLTE", palette.astype(np.uint8).tobytes()),
        chunk(b"tRNS", alpha.astype(np.uint8).tobytes()),
    )
    # Entries without an alpha of their own are opaque.
    opacity = np.concatenate([alpha, np.full(6, 255)])[indices]
    expected = over(palette[indices[:, :, 0]], opacity, 50)
    assert np.array_equal(decode_image(raw_png(indices, 3, 4, extra), background=50), expected)


def test_converts_cmyk_as_pillow_does():
    colours = Image.fromarray(noise(16, 16, 4).astype(np.uint8), "CMYK")
    data = encode(colours, "JPEG", quality=95)
    image = decode_image(data)
    assert image.mode == "CMYK"
    with Image.open(io.BytesIO(data)) as pillow:
        assert np.array_equal(image.convert("L"), pillow.convert("L"))


def test_turns_the_picture_only_when_the_card_asks_for_it():
    upright = smooth_grey()
    for orientation, turn in [(1, None), (3, Image.Transpose.ROTATE_180), (6, 4), (8, 2), (5, 5)]:
        exif = Image.Exif()
        exif[0x0112] = orientation
        for form in ("PNG", "JPEG"):
            data = encode(upright, form, exif=exif)
            as_stored = decode_image(data)
            assert as_stored.size == upright.size
            turned = as_stored if turn is None else as_stored.transpose(turn)
            assert np.array_equal(decode_image(data, exif_orientation="apply"), turned)


def test_takes_the_picture_as_stored_when_its_exif_is_damaged():
    image = smooth_grey()
    data = encode(image, "PNG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert np.array_equal(decode_image(data, exif_orientation="apply"), image)


def test_ignores_what_follows_the_end():
    for form in ("PNG", "JPEG"):
        data = encode(smooth_grey(), form)
        assert np.array_equal(decode_image(data + b"PK\3\4 more"), decode_image(data))


def test_accepts_one_pixel():
    assert np.array_equal(decode_image(raw_png(np.full((1, 1, 1), 7), 0, 8)), [[7]])


def test_refuses_what_is_neither_jpeg_nor_png():
    assert refusal(b"") == "EMPTY_FILE"
    assert refusal(b"\xff") == "UNSUPPORTED_IMAGE"
    assert refusal(b"<html></html>") == "UNSUPPORTED_IMAGE"
    for form in ("BMP", "TIFF", "WEBP"):
        assert refusal(encode(smooth_grey(), form)) == "UNSUPPORTED_IMAGE"


def test_refuses_an_animation():
    frames = [smooth_grey(), smooth_grey().rotate(90)]
    data = encode(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert refusal(data) == "ANIMATED_NOT_SUPPORTED"
    for form in ("GIF", "WEBP"):
        data = encode(frames[0], form, save_all=True, append_images=frames[1:])
        assert refusal(data) == "ANIMATED_NOT_SUPPORTED"


def test_refuses_a_strip():
    assert refusal(raw_png(noise(1, 101, 1), 0, 8)) == "BAD_ASPECT"
    assert decode_image(raw_png(noise(100, 1, 1), 0, 8)).size == (1, 100)


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_refuses_a_file_cut_off_anywhere(form: str):
    data = encode(smooth_grey(), form)
    for length in range(8, len(data)):
        assert refusal(data[:length]) == "TRUNCATED_IMAGE", length


def test_refuses_a_png_whose_pixels_end_early():
    data = raw_png(noise(4, 4, 1), 0, 8)
    for interlaced in (0, 1):
        header = struct.pack(">IIBBBBB", 4, 8, 8, 0, 0, 0, interlaced)
        taller = PNG_SIGNATURE + chunk(b"IHDR", header) + data[33:]
        assert refusal(taller) == "TRUNCATED_IMAGE"


def test_refuses_a_png_whose_pixels_are_damaged_under_a_right_checksum():
    data = raw_png(noise(4, 4, 1), 0, 8)
    body = bytearray(data[41:-16])
    for place in (0, len(body) // 2, len(body) - 1):
        damaged = body.copy()
        damaged[place] ^= 0xFF
        parts = data[:33], chunk(b"IDAT", bytes(damaged)), chunk(b"IEND", b"")
        assert refusal(b"".join(parts)) == "CORRUPT_IMAGE"


@pytest.mark.parametrize("bands", [1, 3])
@pytest.mark.parametrize("side", [1, 3, 13])
def test_reads_interlaced_pictures(bands: int, side: int):
    samples = noise(side, side + 2, bands, top=65536)
    for colour_type, bit_depth in ((0, 8), (0, 16)) if bands == 1 else ((2, 8), (2, 16)):
        levels = samples % (1 << bit_depth)
        plain = raw_png(levels, colour_type, bit_depth)
        data = interlaced_png(levels, colour_type, bit_depth)
        assert np.array_equal(decode_image(data), decode_image(plain))


@pytest.mark.parametrize("kind", [b"IHDR", b"IDAT"])
def test_refuses_a_png_with_a_wrong_checksum(kind: bytes):
    data = bytearray(encode(smooth_grey()))
    data[data.index(kind) + 6] ^= 0x10
    assert refusal(bytes(data)) == "CORRUPT_IMAGE"


def test_refuses_a_jpeg_with_bytes_where_a_marker_must_stand():
    data = bytearray(encode(smooth_grey(), "JPEG"))
    data[21] = 0x05
    assert refusal(bytes(data)) == "CORRUPT_IMAGE"


def test_refuses_more_pixels_than_allowed_without_decoding_them():
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    assert refusal(PNG_SIGNATURE + chunk(b"IHDR", header)) == "TOO_MANY_PIXELS"
    jpeg = bytearray(encode(smooth_grey(), "JPEG"))
    frame = jpeg.index(b"\xff\xc0")
    assert MAX_PIXELS < 65_000 * 65_000
    for side in (8_000, 65_000):
        struct.pack_into(">HH", jpeg, frame + 5, side, side)
        assert refusal(bytes(jpeg)) == "TOO_MANY_PIXELS"
