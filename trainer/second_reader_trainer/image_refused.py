"""The one error of decoding: an image that gives no pixels, and why."""

from typing import Literal

ImageErrorCode = Literal[
    "EMPTY_FILE",
    "UNSUPPORTED_IMAGE",
    "TRUNCATED_IMAGE",
    "CORRUPT_IMAGE",
    "TOO_MANY_PIXELS",
    "BAD_ASPECT",
    "ANIMATED_NOT_SUPPORTED",
]


class ImageRefused(Exception):  # noqa: N818 - a refusal is an outcome, not a fault of the program
    """An image that the decode policy refuses. `code` is the name that evaluator and API use."""

    def __init__(self, code: ImageErrorCode, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
