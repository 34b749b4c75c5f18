"""Image bytes to the model's input, as the model card says. The reference for the evaluator."""

import numpy as np
from PIL import Image

from .decode import decode_image
from .model_card import ModelCard

RESAMPLING = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}


def resize_pixels(data: bytes, card: ModelCard, scale_up: int = 1) -> np.ndarray:
    """uint8 (height, width, bands of the card's mode): decoded, converted, resized.

    `scale_up` makes the result larger by a whole factor, for augmentation before the last step.
    """
    rules = card.preprocessing
    image = decode_image(
        data, background=rules.background, exif_orientation=rules.exif_orientation
    ).convert(rules.mode)
    size = (card.input.width * scale_up, card.input.height * scale_up)
    pixels = np.asarray(image.resize(size, RESAMPLING[rules.resample]))
    return pixels if pixels.ndim == 3 else pixels[:, :, None]


def normalise(pixels: np.ndarray, card: ModelCard) -> np.ndarray:
    """float32 (channels, height, width) = (pixels / scale − mean) / std, each step in float32."""
    rules = card.preprocessing
    # One grey band is repeated where the model wants three channels.
    planes = np.broadcast_to(
        pixels.transpose(2, 0, 1), (card.input.channels, *pixels.shape[:2])
    ).astype(np.float32)
    mean = np.asarray(rules.mean, np.float32)[:, None, None]
    std = np.asarray(rules.std, np.float32)[:, None, None]
    return (planes / np.float32(rules.scale) - mean) / std


def preprocess(data: bytes, card: ModelCard) -> np.ndarray:
    """float32 (channels, height, width) of one image; raises `ImageRefused`."""
    return normalise(resize_pixels(data, card), card)
