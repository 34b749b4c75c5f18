import json
from pathlib import Path

import pytest

from second_reader_trainer.card_field import CardError
from second_reader_trainer.model_card import (
    card_as_json,
    parse_model_card,
    read_model_card,
    write_model_card,
)

FULL = {
    "name": "lung-vit",
    "findingClasses": ["lung-covid", "lung-normal"],
    "input": {"name": "input", "width": 64, "height": 64, "channels": 1},
    "output": {"logits": "logits", "embedding": "embedding"},
    "preprocessing": {
        "mode": "L",
        "resample": "bilinear",
        "scale": 255,
        "mean": [0.5],
        "std": [0.5],
        "exifOrientation": "ignore",
        "background": 0,
    },
    "modalities": {"lung-covid": "chest-xray"},
    "lineage": {"parent": None, "trainingRun": None, "snapshots": [], "codeVersion": None},
}
SHORTEST = {"name": "m", "findingClasses": ["a", "b"]}


def test_reads_back_the_card_it_wrote(tmp_path: Path):
    file = tmp_path / "model.json"
    write_model_card(parse_model_card(FULL), file)
    assert json.loads(file.read_text()) == FULL
    assert read_model_card(file) == parse_model_card(FULL)


def test_fills_in_the_defaults_of_the_seed_system():
    defaults = {key: FULL[key] for key in ("input", "preprocessing")}
    assert card_as_json(parse_model_card(SHORTEST)) == {
        **SHORTEST,
        **defaults,
        "output": {"logits": "logits"},
    }


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"colour": 1}, "model card has unknown keys: colour"),
        ({"input": {"depth": 8}}, "input has unknown keys: depth"),
        ({"output": {"logits": "a", "features": "b"}}, "output has unknown keys: features"),
        ({"preprocessing": {"crop": True}}, "preprocessing has unknown keys: crop"),
        ({"lineage": {"author": "x"}}, "lineage has unknown keys: author"),
        ({"name": ""}, "name must be a text that is not empty"),
        ({"findingClasses": ["a"]}, "2 to 1000"),
        ({"findingClasses": ["a", "a"]}, "twice"),
        ({"findingClasses": ["a", "e\u0301", "\u00e9"]}, "twice"),
        ({"findingClasses": ["a", "b/c"]}, "folder name"),
        ({"findingClasses": "ab"}, "a list of texts"),
        ({"input": {"width": 0}}, "a whole number from 1 to 4096"),
        ({"input": {"width": 64.5}}, "a whole number"),
        ({"input": {"channels": 2}}, "one of 1, 3"),
        ({"input": {"channels": True}}, "one of 1, 3"),
        ({"input": []}, "input must be an object"),
        ({"output": {}}, "exactly one"),
        ({"output": {"logits": "a", "probabilities": "b"}}, "exactly one"),
        ({"preprocessing": {"mode": "RGB"}}, "1 channel"),
        ({"preprocessing": {"resample": "area"}}, "one of nearest, bilinear, bicubic"),
        ({"preprocessing": {"mean": [0.1, 0.2, 0.3]}}, "mean has 3 values, the input 1"),
        ({"preprocessing": {"std": [0]}}, "positive"),
        ({"preprocessing": {"scale": "255"}}, "scale must be a number"),
        ({"preprocessing": {"background": 256}}, "from 0 to 255"),
        ({"modalities": {"a": ""}}, "not empty"),
    ],
)
def test_refuses_a_wrong_card_and_names_the_key(change: dict[str, object], complaint: str):
    with pytest.raises(CardError, match=complaint):
        parse_model_card({**SHORTEST, **change})


def test_refuses_a_card_that_is_not_json(tmp_path: Path):
    file = tmp_path / "model.json"
    file.write_text("{")
    with pytest.raises(CardError, match="not JSON"):
        read_model_card(file)
    with pytest.raises(CardError, match="name must be present"):
        parse_model_card({"findingClasses": ["a", "b"]})
