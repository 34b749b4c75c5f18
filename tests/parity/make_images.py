"""Writes images of every kind that the decode policy knows: `python make_images.py FOLDER`. Seeded, some 620 files."""

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


def png(width, height, depth, colour_type, samples, extra=(), behind=()):
    """A PNG as Pillow cannot write it: any depth, any ancillary chunk. `samples`: rows of packed bytes."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    rows = b"".join(b"\0" + row for row in samples)
    parts = [chunk(b"IHDR", header), *(chunk(*each) for each in extra)]
    parts += [chunk(b"IDAT", zlib.compress(rows)), *(chunk(*each) for each in behind), chunk(b"IEND", b"")]
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


CASES = Path(__file__).parent.parent / "cases"


def of_field():
    """Files that other programs wrote, each of which a reader once got wrong."""
    for path in sorted([*CASES.glob("*.jpg"), *CASES.glob("*.png")]):
        yield path.name, path.read_bytes()


def segment(marker, body):
    return b"\xff" + bytes([marker]) + struct.pack(">H", 2 + len(body)) + body


def tiff(order, kind, value, version=None):
    """An EXIF block that states the orientation by a value of any type."""
    end = "<" if order == b"II" else ">"
    packed = struct.pack(end + {3: "H", 4: "L", 9: "l", 11: "f", 1: "B"}[kind], value).ljust(4, b"\0")
    head = order + (version or struct.pack(end + "H", 42)) + struct.pack(end + "L", 8)
    return head + struct.pack(end + "HHHL", 1, 0x0112, kind, 1) + packed + bytes(4)


def xmp(orientation):
    return f'<x:xmpmeta><rdf:Description tiff:Orientation="{orientation}"/></x:xmpmeta>'.encode()


def raw_profile(block):
    lines = block.hex()
    return b"\nexif\n%8d\n" % len(block) + "\n".join(lines[i : i + 72] for i in range(0, len(lines), 72)).encode()


def of_orientation():
    """The orientation in every spelling that Pillow follows."""
    rgb, grey = picture(120, 80, 3), picture(120, 80, 1)
    jpeg, rows = save(rgb, "JPEG"), [row.tobytes() for row in grey]
    prefix, xap = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
    blocks = {f"{order.decode()}-{kind}": tiff(order, kind, 6) for order in (b"II", b"MM") for kind in (3, 4, 9, 11, 1)}
    blocks |= {"version-swapped": tiff(b"MM", 3, 8, b"*\0"), "none": b"", "no-tiff": b"no TIFF at all"}
    blocks |= {"prefix": prefix + tiff(b"II", 3, 5), "prefix-twice": prefix * 2 + tiff(b"II", 3, 5)}
    for name, block in blocks.items():
        yield f"exif-{name}.jpg", jpeg[:2] + segment(0xE1, prefix + block) + jpeg[2:]
        yield f"exif-{name}.png", png(120, 80, 8, 0, rows, [(b"eXIf", block)])
        both = segment(0xE1, xap + xmp(3)) + segment(0xE1, prefix + block)
        yield f"exif-{name}-and-xmp.jpg", jpeg[:2] + both + jpeg[2:]
    block = tiff(b"II", 3, 7)
    for cut in (4, 12, 20):
        parts = segment(0xE1, prefix + block[:cut]) + segment(0xE1, prefix + block[cut:])
        yield f"exif-in-two-segments-{cut}.jpg", jpeg[:2] + parts + jpeg[2:]
    yield "xmp.jpg", jpeg[:2] + segment(0xE1, xap + xmp(8)) + jpeg[2:]
    element = b"<tiff:Orientation>6</tiff:Orientation>"
    yield "xmp-element.jpg", jpeg[:2] + segment(0xE1, xap + element) + jpeg[2:]
    yield "xmp-twice.jpg", jpeg[:2] + segment(0xE1, xap + xmp(8)) + segment(0xE1, xap + xmp(3)) + jpeg[2:]
    profile, key = raw_profile(block), b"Raw profile type exif\0"
    packed = zlib.compress(profile)
    texts = {
        "text": (b"tEXt", key + profile),
        "packed-text": (b"zTXt", key + b"\0" + packed),
        "packed-text-cut": (b"zTXt", key + b"\0" + packed[:-4]),
        "international-text": (b"iTXt", key + b"\0\0\0\0" + profile),
        "no-hexadecimal": (b"tEXt", key + profile + b"xy"),
        "text-of-its-own": (b"tEXt", b"exif\0" + block),
        "xmp": (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(6)),
        "xmp-packed": (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp(6))),
        "xmp-as-text": (b"tEXt", b"XML:com.adobe.xmp\0" + xmp(6)),
    }
    for name, text in texts.items():
        yield f"annotation-{name}.png", png(120, 80, 8, 0, rows, [text])
        yield f"annotation-{name}-behind.png", png(120, 80, 8, 0, rows, behind=[text])
        yield f"annotation-{name}-and-exif.png", png(120, 80, 8, 0, rows, [text, (b"eXIf", tiff(b"MM", 4, 8))])
    yield "exif-behind-pixels.png", png(120, 80, 8, 0, rows, behind=[(b"eXIf", block)])
    yield "exif-twice.png", png(120, 80, 8, 0, rows, [(b"eXIf", block), (b"eXIf", tiff(b"MM", 3, 3))])


def of_oddity():
    """What other programs leave in sound files."""
    rgb, grey = picture(120, 80, 3), picture(120, 80, 1)
    jpeg, rows = save(rgb, "JPEG"), [row.tobytes() for row in grey]
    offsets, at = [], 2
    while jpeg[at + 1] != 0xDA:
        offsets.append(at)
        at += 2 + struct.unpack_from(">H", jpeg, at + 2)[0]
    for name, stray in {"zeros": bytes(7), "text": b"stray", "fill": b"\xff" * 5, "escaped": b"\xff\0\x12"}.items():
        for number, offset in enumerate([*offsets[1:], at]):
            yield f"stray-{name}-{number}.jpg", jpeg[:offset] + stray + jpeg[offset:]
    frame = struct.pack(">IIIIIHHBB", 0, 120, 80, 0, 0, 1, 10, 0, 0)
    control = {frames: (b"acTL", struct.pack(">II", frames, 0)) for frames in (0, 1, 2)}
    yield "apng-one-frame.png", png(120, 80, 8, 0, rows, [control[1], (b"fcTL", frame)])
    yield "apng-no-frames.png", png(120, 80, 8, 0, rows, [control[0]])
    yield "apng-two-frames.png", png(120, 80, 8, 0, rows, [control[2], (b"fcTL", frame)])
    yield "apng-frame-behind.png", png(120, 80, 8, 0, rows, [control[1]], behind=[(b"fcTL", frame)])
    yield "apng-announced-twice.png", png(120, 80, 8, 0, rows, [control[1], control[1]])
    yield "apng-announced-behind.png", png(120, 80, 8, 0, rows, behind=[control[2]])
    for marker in (0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF):
        start = jpeg.index(b"\xff\xc0")
        yield f"frame-{marker:x}.jpg", jpeg[: start + 1] + bytes([marker]) + jpeg[start + 2 :]
    start = jpeg.index(b"\xff\xc0")
    yield "twelve-bit.jpg", jpeg[: start + 4] + b"\x0c" + jpeg[start + 5 :]
    for name, array in {"grey": grey, "rgb": rgb, "noise": noise(61, 47, 3)}.items():
        for predictor in (1, 4, 7):
            yield f"lossless-{name}-{predictor}.jpg", lossless_jpeg(array, predictor)


def of_depth():
    """16-bit files whose source had fewer bits, with and without saying so."""
    kinds = {0: 1, 2: 3, 4: 2, 6: 4}
    for colour_type, bands in kinds.items():
        for bits in (1, 8, 10, 12, 15, 16):
            low = picture(90, 70, bands, (1 << bits) - 1, np.uint16)
            spread = np.round(low * (65535 / ((1 << bits) - 1))).astype(np.uint16)
            stated = [(b"sBIT", bytes([bits] * bands))]
            for name, levels in (("low", low), ("spread", spread)):
                yield f"depth-{colour_type}-{bits}-{name}.png", png16(levels, colour_type, stated)
            yield f"depth-{colour_type}-{bits}-silent.png", png16(low, colour_type)
        low = picture(90, 70, bands, 4095, np.uint16)
        for name, body in {"short": b"", "zero": bytes(bands), "large": bytes([17] * bands), "mixed": bytes(range(9, 9 + bands))}.items():
            yield f"depth-{colour_type}-{name}.png", png16(low, colour_type, [(b"sBIT", body)])
    keyed = [(b"sBIT", b"\x0c"), (b"tRNS", struct.pack(">H", 2))]
    yield "depth-keyed.png", png16(noise(40, 30, 1, 3, np.uint16), 0, keyed)
    yield "depth-8-of-4.png", png(16, 16, 8, 0, [bytes(range(16))] * 16, [(b"sBIT", b"\4")])


def lossless_jpeg(array, predictor):
    """A lossless JPEG (SOF3) by T.81, Annex H: each difference from its neighbours' prediction, by a code of 5 bits for
    the number of its bits."""
    planes = array[:, :, None] if array.ndim == 2 else array
    height, width, bands = planes.shape
    values = planes.astype(int)
    bits = []
    for y in range(height):
        for x in range(width):
            for band in range(bands):
                a = values[y, x - 1, band] if x else 0
                b = values[y - 1, x, band] if y else 0
                c = values[y - 1, x - 1, band] if x and y else 0
                if y == 0:
                    expected = a if x else 128
                elif x == 0:
                    expected = b
                else:
                    expected = {1: a, 4: a + b - c, 7: (a + b) >> 1}[predictor]
                difference = values[y, x, band] - expected
                size = int(abs(difference)).bit_length()
                bits.append(f"{size:05b}")
                if size:
                    bits.append(f"{difference if difference > 0 else difference + (1 << size) - 1:0{size}b}")
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    coded = int(text, 2).to_bytes(len(text) // 8).replace(b"\xff", b"\xff\0")
    parts = "".join(chr(each) for each in range(1, bands + 1)).encode("latin1")
    lengths = bytes([0, 0, 0, 0, 17] + [0] * 11)
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xC4, b"\0" + lengths + bytes(range(17))),
            segment(0xC3, struct.pack(">BHHB", 8, height, width, bands) + b"".join(bytes([p, 0x11, 0]) for p in parts)),
            segment(0xDA, bytes([bands]) + b"".join(bytes([p, 0]) for p in parts) + bytes([predictor, 0, 0])),
            coded,
            b"\xff\xd9",
        ]
    )


def main():
    folder = Path(sys.argv[1])
    for width, height in SIZES:
        for name, data in of_size(width, height):
            (folder / f"{width}x{height}-{name}").write_bytes(data)
    for kind in (of_annotation, of_field, of_orientation, of_oddity, of_depth):
        for name, data in kind():
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
