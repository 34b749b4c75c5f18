from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch

from second_reader_trainer.export import export_network
from second_reader_trainer.model import Architecture, VisionTransformer, count_parameters

SMALL = Architecture(
    width=40,
    height=24,
    conv_channels=(4, 8),
    conv_strides=(2, 2),
    dim=12,
    depth=3,
    heads=3,
    head_dim=16,
    mlp_dim=20,
)


def make_network() -> VisionTransformer:
    """Random everywhere, also in the statistics of the batch norms, as after a training."""
    torch.manual_seed(3)
    network = VisionTransformer(SMALL, class_count=4)
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if "running_var" in name:
                value.uniform_(0.5, 2)
            elif value.is_floating_point():
                value.normal_(std=0.4)
    return network.eval()


def test_seed_architecture_has_its_parameter_count():
    assert count_parameters(VisionTransformer(Architecture(), class_count=9)) == 5_014_089


@pytest.mark.parametrize("attention", ["plain", "folded"])
def test_onnx_gives_the_networks_outputs_for_any_batch(tmp_path: Path, attention: str):
    network = make_network()
    export_network(network, tmp_path / "model.onnx", attention)
    session = ort.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    for batch in (1, 5):
        images = torch.randn(batch, 1, 24, 40)
        with torch.no_grad():
            logits, embedding = network(images)
        assert logits.std() > 0.1
        got = dict(
            zip(
                ("logits", "embedding"),
                session.run(["logits", "embedding"], {"input": images.numpy()}),
                strict=True,
            )
        )
        assert np.abs(got["logits"] - logits.numpy()).max() < 1e-4
        assert np.abs(got["embedding"] - embedding.numpy()).max() < 1e-4


def test_folding_keeps_the_network_it_was_made_of(tmp_path: Path):
    network = make_network()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    export_network(network, tmp_path / "model.onnx")
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_exported_file_is_self_contained_repeatable_and_tells_nothing_of_its_machine(
    tmp_path: Path,
):
    for name in ("a.onnx", "b.onnx"):
        export_network(make_network(), tmp_path / name)
    data = (tmp_path / "a.onnx").read_bytes()
    assert data == (tmp_path / "b.onnx").read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.onnx", "b.onnx"]
    assert b"/site-packages/" not in data
    assert b"second_reader_trainer" not in data
    model = onnx.load_from_string(data)
    assert model.ir_version <= 10
    assert [(o.domain, o.version) for o in model.opset_import] == [("", 18)]
    assert not any(t.data_location == onnx.TensorProto.EXTERNAL for t in model.graph.initializer)


def test_folded_attention_has_two_products_of_scores_and_never_transposes_them(tmp_path: Path):
    export_network(make_network(), tmp_path / "model.onnx", "folded")
    graph = onnx.load(tmp_path / "model.onnx").graph
    counts = {kind: sum(n.op_type == kind for n in graph.node) for kind in ("Transpose", "Softmax")}
    # One transpose brings the stem's output into tokens, one a layer shows the tokens as keys.
    assert counts == {"Transpose": 1 + SMALL.depth, "Softmax": SMALL.depth}
