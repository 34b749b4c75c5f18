"""Writes images of every kind that the decode policy knows: `python make_images.py FOLDER`. Seeded, some 550 files."""

import io
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

SIZES = [
    (1, 1), (1, 7), (50, 1), (2, 3), (31, 17), (63, 65), (64, 64), (64, 200), (200, 64), (65, 63),
    (127, 129), (256, 186), (333, 512), (640, 480), (1024, 1024),
]  # fmt: skip
random = np.random.default_rng(20260101)


def noise(width, height, bands, levels=256, kind=np.uint8):
    shape = (height, width, bands) if bands > 1 else (height, width)
    return random.integers(0, levels, shape).astype(kind)


def picture(width, height, bands, top=255, kind=np.uint8):
    """Smooth with edges and some noise: what resampling and chroma subsampling have to work for."""
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    planes = []
    for band in range(bands):
        plane = 0.5 + 0.4 * np.sin(9 * x + 3 * band) * np.cos(7 * y - band)
        plane[(x - 0.5) ** 2 + (y - 0.4) ** 2 < 0.04 * (band + 1)] = 0.95 - 0.3 * band
        planes.append(np.clip(plane + random.normal(0, 0.02, plane.shape), 0, 1))
    stacked = np.stack(planes, axis=2) if bands > 1 else planes[0]
    return np.round(stacked * top).astype(kind)


def png(width, height, depth, colour_type, samples, extra=()):
    """A PNG as Pillow cannot write it: any depth, any ancillary chunk. `samples`: rows of packed bytes."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    rows = b"".join(b"\0" + row for row in samples)
    parts = [chunk(b"IHDR", header), *(chunk(*each) for each in extra)]
    parts += [chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def png16(array, colour_type, extra=()):
    height, width = array.shape[:2]
    rows = [row.astype(">u2").tobytes() for row in array]
    return png(width, height, 16, colour_type, rows, extra)


def png_packed(width, height, depth, colour_type, extra=()):
    levels = noise(width, height, 1, 1 << depth)
    bits = np.unpackbits(levels[:, :, None], axis=2)[:, :, 8 - depth :].reshape(height, -1)
    return png(width, height, depth, colour_type, [np.packbits(row).tobytes() for row in bits], extra)


def save(array, format, mode=None, **options):
    out = io.BytesIO()
    image = Image.fromarray(array) if isinstance(array, np.ndarray) else array
    (image.convert(mode) if mode else image).save(out, format, **options)
    return out.getvalue()


def without_adobe(jpeg):
    start = jpeg.index(b"\xff\xee")
    return jpeg[:start] + jpeg[start + 2 + struct.unpack_from(">H", jpeg, start + 2)[0] :]


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def of_size(width, height):
    for name, make in (("noise", noise), ("picture", picture)):
        grey, rgb = make(width, height, 1), make(width, height, 3)
        yield f"grey-{name}.png", save(grey, "PNG")
        yield f"rgb-{name}.png", save(rgb, "PNG")
        for quality in (30, 75, 95):
            yield f"grey-{name}-{quality}.jpg", save(grey, "JPEG", quality=quality)
        yield f"grey-{name}-progressive.jpg", save(grey, "JPEG", progressive=True)
        for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
            yield f"rgb-{name}-{subsampling.replace(':', '')}.jpg", save(rgb, "JPEG", subsampling=subsampling)
        yield f"rgb-{name}-progressive.jpg", save(rgb, "JPEG", progressive=True)
        yield f"cmyk-{name}.jpg", save(rgb, "JPEG", mode="CMYK")
        yield f"cmyk-no-adobe-{name}.jpg", without_adobe(save(rgb, "JPEG", mode="CMYK"))
        yield f"grey-alpha-{name}.png", save(Image.fromarray(make(width, height, 2), "LA"), "PNG")
        yield f"rgb-alpha-{name}.png", save(make(width, height, 4), "PNG")
        yield f"grey-16-{name}.png", png16(make(width, height, 1, 65535, np.uint16), 0)
        yield f"rgb-16-{name}.png", png16(make(width, height, 3, 65535, np.uint16), 2)
        yield f"grey-alpha-16-{name}.png", png16(make(width, height, 2, 65535, np.uint16), 4)
        yield f"rgb-alpha-16-{name}.png", png16(make(width, height, 4, 65535, np.uint16), 6)
        yield f"palette-{name}.png", save(rgb, "PNG", mode="P")
        yield f"palette-alpha-{name}.png", save(rgb, "PNG", mode="P", transparency=bytes(range(0, 250, 5)))
    for depth in (1, 2, 4):
        yield f"grey-{depth}-bit.png", png_packed(width, height, depth, 0)
        keyed = [(b"tRNS", struct.pack(">H", 1))]
        yield f"grey-{depth}-bit-keyed.png", png_packed(width, height, depth, 0, keyed)
        palette = [(b"PLTE", noise(1 << depth, 1, 3).tobytes())]
        yield f"palette-{depth}-bit.png", png_packed(width, height, depth, 3, palette)
    few = noise(width, height, 1, 4)
    yield "grey-keyed.png", png(width, height, 8, 0, [r.tobytes() for r in few], [(b"tRNS", struct.pack(">H", 2))])
    few = noise(width, height, 3, 2)
    key = [(b"tRNS", struct.pack(">HHH", 1, 0, 1))]
    yield "rgb-keyed.png", png(width, height, 8, 2, [r.tobytes() for r in few], key)
    few = noise(width, height, 1, 3, np.uint16)
    yield "grey-16-keyed.png", png16(few, 0, [(b"tRNS", struct.pack(">H", 2))])


def of_annotation():
    rgb, grey = picture(120, 80, 3), picture(120, 80, 1)
    for orientation in range(1, 9):
        yield f"orientation-{orientation}.jpg", save(rgb, "JPEG", exif=exif(orientation))
        yield f"orientation-{orientation}.png", save(grey, "PNG", exif=exif(orientation))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    yield "profile.jpg", save(rgb, "JPEG", icc_profile=profile)
    yield "profile-damaged.jpg", save(rgb, "JPEG", icc_profile=b"no profile at all" * 9)
    yield "profile.png", save(rgb, "PNG", icc_profile=profile)
    yield "profile-damaged.png", save(rgb, "PNG", icc_profile=b"no profile at all" * 9)
    header = struct.pack(">I", 45455)
    rows = [row.tobytes() for row in rgb]
    yield "gamma.png", png(120, 80, 8, 2, rows, [(b"gAMA", header)])
    yield "garbage-after-end.jpg", save(rgb, "JPEG") + b"\xff\xd8 not an image" * 50
    yield "garbage-after-end.png", save(rgb, "PNG") + b"<script>" * 50
    yield "comment.jpg", save(rgb, "JPEG", comment=b"\xff\xd9" * 40)


def main():
    folder = Path(sys.argv[1])
    for width, height in SIZES:
        for name, data in of_size(width, height):
            (folder / f"{width}x{height}-{name}").write_bytes(data)
    for name, data in of_annotation():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
