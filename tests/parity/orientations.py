"""`python orientations.py`: one JSON array of random annotations, sound and damaged, each `[exif, xmp, orientation]`:
hexadecimal or null, and the orientation that Pillow follows. Seeded."""

import json
import random
import struct
import warnings

from PIL import Image

warnings.simplefilter("ignore")
dice = random.Random(5)
FORMATS = {1: "B", 2: "B", 3: "H", 4: "L", 6: "b", 7: "B", 8: "h", 9: "l", 11: "f", 12: "d", 13: "L", 16: "Q"}
TYPES = [3, 3, 3, 3, 4, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 0]
TAGS = [0x010E, 0x010F, 0x0112, 0x0112, 0x011A, 0x0131, 0x8769]
STARTS = {"<": [b"II*\0"] * 3 + [b"II\0*", b"II+\0"], ">": [b"MM\0*"] * 2 + [b"MM*\0", b"XX\0*"]}
XMPS = [
    None, None, b'<x tiff:Orientation="6"/>', b"<tiff:Orientation>8</tiff:Orientation>", b'tiff:Orientation= "3"',
    b'tiff:Orientation="9" tiff:Orientation="3"', b'\xff\xfetiff:Orientation="2"',
]  # fmt: skip


def values(end, kind, count):
    numbers = [dice.choice([1, 2, 3, 4, 5, 6, 7, 8, 6, 6, 0, 9]) for _ in range(count)]
    if kind in (5, 10):
        return b"".join(struct.pack(end + "LL", n * dice.choice([1, 2]), dice.choice([1, 1, 2, 0])) for n in numbers)
    return b"".join(struct.pack(end + FORMATS.get(kind, "B"), n) for n in numbers)


def block():
    end = dice.choice("<>")
    tags = sorted(dice.sample(TAGS, dice.randint(1, 5)))
    if dice.random() < 0.15:
        dice.shuffle(tags)
    entries = data = b""
    for tag in tags:
        kind, count = dice.choice(TYPES), dice.choice([1, 1, 1, 1, 2, 0, 3, 9])
        value = values(end, kind, count)
        if len(value) > 4:
            place = 14 + 12 * len(tags) + len(data)
            offset = place if dice.random() < 0.85 else dice.choice([0, 4, 9999, place + 3])
            entries += struct.pack(end + "HHLL", tag, kind, count, offset)
            data += value
        else:
            entries += struct.pack(end + "HHL", tag, kind, count) + value.ljust(4, b"\0")
    directory = struct.pack(end + "L", dice.choice([8] * 7 + [2000, 0]))
    number = struct.pack(end + "H", len(tags) + dice.choice([0, 0, 0, 0, 1, -1, 5]))
    whole = dice.choice(STARTS[end]) + directory + number + entries + bytes(4) + data
    if dice.random() < 0.15:
        whole = whole[: dice.randint(0, len(whole))]
    return b"Exif\0\0" * dice.choice([0, 0, 1, 2, 3]) + whole


def orientation(exif, xmp):
    image = Image.new("L", (1, 1))
    image.info |= {name: value for name, value in (("exif", exif), ("xmp", xmp)) if value is not None}
    try:
        # As `ImageOps.exif_transpose` looks it up: 6.0 and 12/2 are 6, and a text is nothing.
        return {number: number for number in range(1, 9)}.get(image.getexif().get(0x0112, 1), 1)
    except Exception:  # noqa: BLE001 - Pillow fails in many ways over damaged annotations
        return 1


rows = []
for _ in range(6000):
    exif, xmp = dice.choice([block] * 5 + [lambda: None, lambda: b"", lambda: b"Exif\0\0"])(), dice.choice(XMPS)
    digits = [None if each is None else each.hex() for each in (exif, xmp)]
    rows.append([*digits, orientation(exif, xmp)])
print(json.dumps(rows))
