"""PNG to 8 bit without alpha: 16 bit is scaled (not cut off), transparency is composited."""

import io
import warnings

import numpy as np
from PIL import Image

from .image_refused import ImageRefused
from .png_chunks import PngFile

DARK_LEVEL = 1 << 12
"""Levels below a sixteenth of the range are those of 12 bits that were put into 16."""

GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6


def decode_png(png: PngFile, background: int) -> Image.Image:
    """An image of mode `L` or `RGB`; transparent pixels show the grey level `background`."""
    if png.header.bit_depth == 16:
        samples = _decode_16_bit(png)
        levels = _scale_16_bit(png, samples)
    elif png.header.colour_type == PALETTE:
        indices = _open(png)
        samples = np.asarray(indices)[:, :, None]
        levels = np.asarray(indices.convert("RGB"))
    else:
        image = _open(png)
        # Grey of 1, 2 and 4 bit arrives spread over 0..255.
        pixels = np.asarray(image.convert("L") if image.mode == "1" else image)
        samples = levels = pixels if pixels.ndim == 3 else pixels[:, :, None]
    if png.header.colour_type in (GREY_ALPHA, RGB_ALPHA):
        levels = composite(levels[:, :, :-1], levels[:, :, -1:], background)
    elif png.transparency is not None:
        levels = composite(levels, _transparency_as_alpha(png, samples), background)
    if levels.shape[2] == 1:
        levels = levels[:, :, 0]
    return Image.fromarray(np.ascontiguousarray(levels))


def scale_to_8(samples: np.ndarray, bits: int) -> np.ndarray:
    """round(255 v / white), with white = 2^bits − 1, which is odd: no value lies half-way."""
    white = (1 << bits) - 1
    return ((samples.astype(np.uint32) * 255 + white // 2) // white).astype(np.uint8)


def _scale_16_bit(png: PngFile, samples: np.ndarray) -> np.ndarray:
    """By the bits that the file states (sBIT) where no sample needs more, else by all 16.

    Some programs spread the source's bits over the 16, as the standard asks; some leave them be.
    """
    bands = samples.shape[2] - (png.header.colour_type in (GREY_ALPHA, RGB_ALPHA))
    stated = png.significant_bits or (16,) * samples.shape[2]
    parts = [
        scale_to_8(part, bits if part.max() < 1 << bits else 16)
        for part, bits in (
            (samples[:, :, :bands], max(stated[:bands])),
            (samples[:, :, bands:], max(stated[bands:], default=16)),
        )
        if part.shape[2] > 0
    ]
    brightest = samples[:, :, :bands].max()
    if max(stated[:bands]) == 16 and brightest < DARK_LEVEL:
        warnings.warn(f"a 16-bit PNG is nearly black: {brightest} of 65535", stacklevel=2)
    return np.concatenate(parts, axis=2)


def composite(levels: np.ndarray, alpha: np.ndarray, background: int) -> np.ndarray:
    """round((c·a + b·(255 − a)) / 255) per sample. 255 is odd, so no value lies half-way."""
    opacity = alpha.astype(np.uint32)
    return ((levels * opacity + background * (255 - opacity) + 127) // 255).astype(np.uint8)


def _transparency_as_alpha(png: PngFile, samples: np.ndarray) -> np.ndarray:
    """tRNS: an alpha per palette entry, or the one colour that is fully transparent."""
    body = png.transparency or b""
    if png.header.colour_type == PALETTE:
        table = np.full(256, 255, np.uint8)
        entries = np.frombuffer(body[:256], np.uint8)
        table[: len(entries)] = entries
        return table[samples]
    channels = samples.shape[2]
    if len(body) < 2 * channels:
        raise ImageRefused("CORRUPT_IMAGE", "the transparent colour is incomplete")
    colour = np.frombuffer(body[: 2 * channels], ">u2").astype(np.uint32)
    largest = (1 << png.header.bit_depth) - 1
    colour = (colour & largest) * (1 if png.header.bit_depth == 16 else 255 // largest)
    matches = (samples == colour).all(axis=2, keepdims=True)
    return np.where(matches, 0, 255).astype(np.uint8)


def _decode_16_bit(png: PngFile) -> np.ndarray:
    """Pillow keeps only the high byte of 16-bit colour, so the low bytes are decoded apart."""
    if png.header.colour_type == GREY:
        return np.asarray(_open(png)).astype(np.uint16)[:, :, None]
    if png.header.colour_type == GREY_ALPHA:
        # Four bytes a pixel: grey high, grey low, alpha high, alpha low.
        quads = np.asarray(_open(png, mode="RGBA", raw_mode="RGBA")).astype(np.uint16)
        return quads[:, :, 0::2] << 8 | quads[:, :, 1::2]
    mode = "RGB" if png.header.colour_type == RGB else "RGBA"
    high = np.asarray(_open(png, mode, f"{mode};16B")).astype(np.uint16)
    low = np.asarray(_open(png, mode, f"{mode};16L")).astype(np.uint16)
    return high << 8 | low


def _open(png: PngFile, mode: str | None = None, raw_mode: str | None = None) -> Image.Image:
    image = Image.open(io.BytesIO(png.pixels_only), formats=["PNG"])
    if mode is not None:
        image._mode = mode
        image.tile = [tile._replace(args=raw_mode) for tile in image.tile]
    image.load()
    return image
