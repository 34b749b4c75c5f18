import json
from pathlib import Path

import numpy as np
import pytest
from pictures import encode, noise, raw_png, smooth_grey
from PIL import Image

from second_reader_trainer.model_card import parse_model_card, write_model_card
from second_reader_trainer.preprocess import preprocess, resize_pixels
from second_reader_trainer.preprocess_reference import main

CLASSES = ["lung-covid", "lung-normal"]
COLOUR = {
    "input": {"width": 30, "height": 20, "channels": 3},
    "preprocessing": {"mode": "RGB", "mean": [0.1, 0.2, 0.3], "std": [0.5, 0.25, 2]},
}


def card(**keys: object):
    return parse_model_card({"name": "m", "findingClasses": CLASSES, **keys})


def test_resizes_as_pillow_does_and_maps_levels_to_minus_one_to_one():
    image = smooth_grey(200, 150)
    expected = np.asarray(image.resize((64, 64), Image.Resampling.BILINEAR))
    tensor = preprocess(encode(image), card())
    assert tensor.shape == (1, 64, 64)
    assert tensor.dtype == np.float32
    assert np.array_equal(tensor[0], (expected.astype(np.float32) / np.float32(255) - 0.5) / 0.5)


@pytest.mark.parametrize("resample", ["nearest", "bilinear", "bicubic"])
def test_resizes_by_the_interpolation_of_the_card(resample: str):
    image = smooth_grey(31, 90)
    pixels = resize_pixels(encode(image), card(preprocessing={"resample": resample}))
    by_pillow = image.resize((64, 64), Image.Resampling[resample.upper()])
    assert np.array_equal(pixels[:, :, 0], by_pillow)


def test_normalises_each_channel_by_its_own_numbers():
    colour = noise(20, 30, 3)
    tensor = preprocess(raw_png(colour, 2, 8), card(**COLOUR))
    assert tensor.shape == (3, 20, 30)
    expected = (colour / 255 - [0.1, 0.2, 0.3]) / [0.5, 0.25, 2]
    assert np.allclose(tensor, expected.transpose(2, 0, 1), atol=1e-6)


def test_repeats_grey_where_the_model_wants_three_channels():
    tensor = preprocess(encode(smooth_grey()), card(input={"channels": 3}))
    assert tensor.shape == (3, 64, 64)
    assert np.array_equal(tensor[0], tensor[2])


def test_makes_grey_of_colour_by_pillows_weights():
    colour = noise(64, 64, 3)
    pixels = resize_pixels(raw_png(colour, 2, 8), card())
    weights = np.array([19595, 38470, 7471])
    assert np.array_equal(pixels[:, :, 0], (colour @ weights + 0x8000) >> 16)


def test_writes_reference_pixels_with_an_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_model_card(card(**COLOUR), tmp_path / "model.json")
    colour = noise(20, 30, 3).astype(np.uint8)
    (tmp_path / "a.png").write_bytes(raw_png(colour, 2, 8))
    (tmp_path / "b.png").write_bytes(b"")
    (tmp_path / "c.png").write_bytes(raw_png(255 - colour, 2, 8))
    files = [str(tmp_path / name) for name in ("a.png", "b.png", "c.png")]
    out = tmp_path / "pixels.raw"
    main(["--card", str(tmp_path / "model.json"), "--out", str(out), *files])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("code") for line in lines] == [None, "EMPTY_FILE", None]
    assert lines[2] == {"file": files[2], "offset": 1800, "height": 20, "width": 30, "bands": 3}
    assert out.read_bytes() == colour.tobytes() + (255 - colour).tobytes()
