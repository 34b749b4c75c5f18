"""PNG to 8 bit without alpha: 16 bit is scaled (not cut off), transparency is composited."""

import warnings

import imagecodecs
import numpy as np
from PIL import Image

from .image_refused import ImageRefused
from .png_chunks import PngFile

DARK_LEVEL = 1 << 12
"""Levels below a sixteenth of the range are those of 12 bits that were put into 16."""
MISSING = ("not enough image data", "too small")


def decode_png(png: PngFile, background: int) -> Image.Image:
    """An image of mode `L` or `RGB`; transparent pixels show the grey level `background`."""
    samples = _decode(png.pixels_only)
    # Grey or colour; a further band is the alpha, also that of a tRNS chunk.
    bands = 3 if samples.shape[2] >= 3 else 1
    levels = samples if samples.dtype == np.uint8 else _scale_16_bit(png, samples, bands)
    if levels.shape[2] > bands:
        levels = composite(levels[:, :, :bands], levels[:, :, bands:], background)
    return Image.fromarray(np.ascontiguousarray(levels if bands == 3 else levels[:, :, 0]))


def _decode(data: bytes) -> np.ndarray:
    """Samples by row, column and band, of 16 bits or spread over 8."""
    try:
        samples = imagecodecs.png_decode(data)
    except (imagecodecs.PngError, UnicodeDecodeError) as error:
        is_missing = any(words in str(error).lower() for words in MISSING)
        code = "TRUNCATED_IMAGE" if is_missing else "CORRUPT_IMAGE"
        raise ImageRefused(code, str(error)) from error
    return samples if samples.ndim == 3 else samples[:, :, None]


def scale_to_8(samples: np.ndarray, bits: int) -> np.ndarray:
    """round(255 v / white), with white = 2^bits − 1, which is odd: no value lies half-way."""
    white = (1 << bits) - 1
    levels = (np.arange(white + 1) * 255 + white // 2) // white
    return levels.astype(np.uint8)[samples]


def _scale_16_bit(png: PngFile, samples: np.ndarray, bands: int) -> np.ndarray:
    """By the bits that the file states (sBIT) where no sample needs more, else by all 16.

    Some programs spread the source's bits over the 16, as the standard asks; some leave them be.
    """
    stated = png.significant_bits or (16,) * bands
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
