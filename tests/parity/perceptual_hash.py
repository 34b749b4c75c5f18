"""`python perceptual_hash.py PLANTED FILE…`: one JSON line per file with its perceptual hash by Pillow and SciPy, and
the files of copies that it makes of it in the folder PLANTED: what people do to a picture."""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps
from scipy.fft import dctn


def perceptual_hash(image):
    small = np.asarray(image.resize((64, 64), Image.Resampling.BILINEAR), dtype=float)
    lowest = dctn(small, norm="ortho")[:16, :16]
    return np.packbits(lowest > np.median(lowest)).tobytes().hex()


COPIES = {
    "saved.jpg": lambda image: image,
    "half.png": lambda image: image.resize((image.width // 2, image.height // 2)),
    "square.png": lambda image: image.resize((224, 224)),
    "brighter.png": lambda image: ImageEnhance.Brightness(image).enhance(1.2),
    "stretched.png": lambda image: ImageOps.autocontrast(image),
    "mirrored.jpg": ImageOps.mirror,
}

planted = Path(sys.argv[1])
for number, file in enumerate(sys.argv[2:]):
    image = Image.open(file).convert("L")
    copies = {}
    for name, change in COPIES.items():
        path = planted / f"{number}-{name}"
        change(image).save(path, **({"quality": 40} if name.endswith("jpg") else {}))
        copies[name] = str(path)
    print(json.dumps({"hash": perceptual_hash(image), "copies": copies}))
