"""A trained network to one self-contained ONNX file."""

from pathlib import Path
from typing import Literal

import onnx
import torch
from torch import nn

from .fold import FoldedVisionTransformer, fold_batch_norm
from .model import VisionTransformer

OPSET = 18
"""What the exporter writes by itself; every ONNX Runtime since 1.14 reads it."""

IR_VERSION = 10
"""Newer ones add nothing that is used here and shut older runtimes out."""

AttentionForm = Literal["plain", "folded"]


def export_network(
    network: VisionTransformer, file: Path, attention: AttentionForm = "folded"
) -> None:
    """Input `input` (batch, channels, height, width); outputs `logits` and `embedding`."""
    prepare = {"plain": fold_batch_norm, "folded": FoldedVisionTransformer}[attention]
    with torch.no_grad():
        prepared = prepare(network.cpu())
    sizes = network.sizes
    export_onnx(
        prepared,
        (sizes.channels, sizes.height, sizes.width),
        file,
        input_name="input",
        output_names=("logits", "embedding"),
    )


def export_onnx(
    network: nn.Module,
    image_shape: tuple[int, int, int],
    file: Path,
    *,
    input_name: str,
    output_names: tuple[str, ...],
) -> None:
    """Any network of one image input, with a batch axis of any length."""
    # A batch of two: the exporter takes a length of one for a constant.
    example = torch.zeros(2, *image_shape)
    program = torch.onnx.export(
        network.eval(),
        (example,),
        dynamo=True,
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        input_names=[input_name],
        output_names=list(output_names),
        opset_version=OPSET,
        verbose=False,
    )
    assert program is not None
    model = program.model_proto
    model.ir_version = IR_VERSION
    _strip_traces(model)
    onnx.checker.check_model(model, full_check=True)
    file.write_bytes(model.SerializeToString(deterministic=True))


def _strip_traces(model: onnx.ModelProto) -> None:
    """The exporter notes source files and lines of the machine it ran on beside every node."""
    graph = model.graph
    model.doc_string = graph.doc_string = ""
    for holder in (model, graph, *graph.node, *graph.input, *graph.output, *graph.value_info):
        del holder.metadata_props[:]
    for initializer in graph.initializer:
        del initializer.metadata_props[:]
    for node in graph.node:
        node.doc_string = ""
