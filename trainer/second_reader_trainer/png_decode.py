"""PNG to 8 bit without alpha: 16 bit is scaled (not cut off), transparency is composited."""

import io

import numpy as np
from PIL import Image

from .image_refused import ImageRefused
from .png_chunks import PngFile

GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6


def decode_png(png: PngFile, background: int) -> Image.Image:
    """An image of mode `L` or `RGB`; transparent pixels show the grey level `background`."""
    if png.header.bit_depth == 16:
        samples = _decode_16_bit(png)
        levels = scale_16_to_8(samples)
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


def scale_16_to_8(samples: np.ndarray) -> np.ndarray:
    """round(v / 257): 0 → 0, 65535 → 255. 257 is odd, so no value lies half-way."""
    return ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)


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
