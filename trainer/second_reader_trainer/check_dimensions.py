"""Refuses sizes by the header alone, before any pixel is decoded. The evaluator has the same."""

from .image_refused import ImageRefused

MAX_PIXELS = 50_000_000
"""Twice the largest digital radiograph in use; a file of kilobytes can ask for gigabytes."""

MAX_ASPECT_RATIO = 100
"""No radiograph or OCT scan is so much longer than wide; squeezed to a square it shows nothing."""


def check_dimensions(width: int, height: int) -> None:
    size = f"{width} × {height} pixels"
    if width == 0 or height == 0:
        raise ImageRefused("CORRUPT_IMAGE", f"the header says {size}")
    if width * height > MAX_PIXELS:
        raise ImageRefused("TOO_MANY_PIXELS", f"{size}; at most {MAX_PIXELS}")
    if max(width, height) > MAX_ASPECT_RATIO * min(width, height):
        raise ImageRefused("BAD_ASPECT", f"{size} is a strip, not an image")
