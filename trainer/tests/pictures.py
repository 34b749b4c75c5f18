"""Images made in the test, byte by byte where Pillow cannot write what is wanted."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


def raw_png(
    samples: np.ndarray, colour_type: int, bit_depth: int, extra: tuple[bytes, ...] = ()
) -> bytes:
    """A PNG of `samples` (height, width, bands), every row by filter 0; `extra` before IDAT."""
    return _assemble(samples, colour_type, bit_depth, _scan_lines(samples, bit_depth), extra)


def interlaced_png(samples: np.ndarray, colour_type: int, bit_depth: int) -> bytes:
    """The same by the seven passes of Adam7."""
    passes = (
        samples[y::down, x::right]
        for x, y, right, down in (
            (0, 0, 8, 8),
            (4, 0, 8, 8),
            (0, 4, 4, 8),
            (2, 0, 4, 4),
            (0, 2, 2, 4),
            (1, 0, 2, 2),
            (0, 1, 1, 2),
        )
    )
    lines = b"".join(_scan_lines(part, bit_depth) for part in passes if part.size)
    return _assemble(samples, colour_type, bit_depth, lines, (), interlaced=1)


def _scan_lines(samples: np.ndarray, bit_depth: int) -> bytes:
    height = len(samples)
    rows = samples.reshape(height, -1)
    if bit_depth == 16:
        packed = rows.astype(">u2").view(np.uint8).reshape(height, -1)
    elif bit_depth == 8:
        packed = rows.astype(np.uint8)
    else:
        bits = rows[:, :, None] >> np.arange(bit_depth - 1, -1, -1) & 1
        packed = np.packbits(bits.reshape(height, -1).astype(np.uint8), axis=1)
    return b"".join(b"\0" + row.tobytes() for row in packed)


def _assemble(
    samples: np.ndarray,
    colour_type: int,
    bit_depth: int,
    lines: bytes,
    extra: tuple[bytes, ...],
    interlaced: int = 0,
) -> bytes:
    height, width, _ = samples.shape
    header = struct.pack(">IIBBBBB", width, height, bit_depth, colour_type, 0, 0, interlaced)
    body = zlib.compress(lines)
    parts = (chunk(b"IHDR", header), *extra, chunk(b"IDAT", body), chunk(b"IEND", b""))
    return PNG_SIGNATURE + b"".join(parts)


def encode(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def noise(height: int, width: int, bands: int, top: int = 256, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, top, (height, width, bands))


def smooth_grey(height: int = 48, width: int = 40) -> Image.Image:
    y, x = np.mgrid[:height, :width]
    return Image.fromarray(((np.sin(x / 7) * np.cos(y / 9) + 1) * 127).astype(np.uint8))


def write_striped_dataset(root: Path, per_class: int, seed: int) -> None:
    """Three classes that a few hundred weights can tell apart: flat, across, down."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:32, :32]
    patterns = {"flat": 0 * x, "stripes-across": y // 4 % 2, "stripes-down": x // 4 % 2}
    for name, pattern in patterns.items():
        folder = root / name
        folder.mkdir(parents=True)
        for number in range(per_class):
            levels = 90 + 80 * pattern + random.normal(0, 12, pattern.shape)
            Image.fromarray(levels.clip(0, 255).astype(np.uint8)).save(folder / f"{number:03}.png")
