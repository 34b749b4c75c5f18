"""Writes the pixels this package sees, so that another implementation can be compared bit by bit.

    python -m second_reader_trainer.preprocess_reference --card model.json --out pixels.raw FILE…

`pixels.raw` holds the uint8 pixels (rows, then columns, then bands; before normalisation) of all
accepted files one after another. Standard output has one JSON line per file, in order:
`{"file", "offset", "height", "width", "bands"}` or `{"file", "code", "message"}`.
"""

import argparse
import json
from pathlib import Path

from .image_refused import ImageRefused
from .model_card import read_model_card
from .preprocess import resize_pixels


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="preprocess_reference", description=__doc__)
    parser.add_argument("--card", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    card = read_model_card(options.card)
    offset = 0
    with options.out.open("wb") as out:
        for file in options.files:
            line: dict[str, str | int] = {"file": str(file)}
            try:
                pixels = resize_pixels(file.read_bytes(), card)
            except ImageRefused as refusal:
                line |= {"code": refusal.code, "message": refusal.message}
            else:
                height, width, bands = pixels.shape
                line |= {"offset": offset, "height": height, "width": width, "bands": bands}
                offset += out.write(pixels.tobytes())
            print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
