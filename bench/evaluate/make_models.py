"""The seed system's network with random weights, exported twice: `plain.onnx` and `folded.onnx`.

python bench/evaluate/make_models.py folder
"""

import sys
from pathlib import Path

import torch
from second_reader_trainer.export import export_network
from second_reader_trainer.model import Architecture, VisionTransformer, count_parameters

SEED = 0
FINDING_CLASS_COUNT = 9
PARAMETER_COUNT = 5_014_089  # of the seed system's network


def main() -> None:
    folder = Path(sys.argv[1])
    torch.manual_seed(SEED)
    network = VisionTransformer(Architecture(), FINDING_CLASS_COUNT).eval()
    assert count_parameters(network) == PARAMETER_COUNT
    # A head of larger weights: else every image gets nearly the same probabilities.
    torch.nn.init.normal_(network.head.weight, std=0.3)
    export_network(network, folder / "plain.onnx", "plain")
    export_network(network, folder / "folded.onnx", "folded")


if __name__ == "__main__":
    main()
