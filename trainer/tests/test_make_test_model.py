from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from pictures import encode, smooth_grey

from second_reader_trainer.evaluate import OnnxModel
from second_reader_trainer.make_test_model import main


@pytest.mark.parametrize(
    ("kind", "shape", "outputs"),
    [
        ("tiny", ["batch", 1, 64, 64], ["logits", "embedding"]),
        ("other", ["batch", 3, 80, 96], ["scores"]),
        ("other-grey", ["batch", 1, 80, 96], ["scores"]),
    ],
)
def test_makes_a_model_that_predicts_under_its_card(
    tmp_path: Path, kind: str, shape: list[str | int], outputs: list[str]
):
    main(["--kind", kind, "--out", str(tmp_path)])
    session = ort.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    assert session.get_inputs()[0].shape == shape
    assert [output.name for output in session.get_outputs()] == outputs
    model = OnnxModel(tmp_path)
    answers = [model.predict(encode(image)) for image in (smooth_grey(), smooth_grey().rotate(180))]
    assert all(answer.shape == (3,) for answer in answers)
    assert all(answer.sum() == pytest.approx(1, abs=1e-12) for answer in answers)
    assert not np.array_equal(*answers)
