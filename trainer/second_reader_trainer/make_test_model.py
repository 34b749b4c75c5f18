"""Makes small models with random weights, the same for the same seed, to try the product with.

    python -m second_reader_trainer.make_test_model --kind other|other-grey|tiny --out DIR

`tiny` is a small network of this package's own architecture. The others prove that nothing depends
on it: a plain convolutional network with its own names of input and output, no embedding, another
size that is not square, another mean and deviation, colour or grey.
"""

import argparse
from pathlib import Path

import torch
from torch import Tensor, nn

from .export import export_network, export_onnx
from .model import Architecture, VisionTransformer
from .model_card import ModelCard, ModelInput, ModelOutput, Preprocessing, write_model_card

FINDING_CLASSES = ("lung-covid", "lung-normal", "lung-pneumonia")

TINY = Architecture(
    conv_channels=(4, 4, 8, 8),
    conv_strides=(2, 2, 2, 2),
    dim=8,
    depth=2,
    heads=2,
    head_dim=8,
    mlp_dim=16,
)


class OtherNetwork(nn.Module):
    def __init__(self, channels: int, class_count: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(channels, 8, kernel_size=5, stride=2, padding=2),
            nn.SiLU(),
            nn.Conv2d(8, 16, kernel_size=3, stride=2, padding=1),
            nn.SiLU(),
            nn.AvgPool2d(4),
            nn.Flatten(),
        )
        self.head = nn.Linear(16 * 5 * 6, class_count)
        # A head of larger weights: else every image gets nearly the same probabilities.
        nn.init.normal_(self.head.weight, std=0.3)

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.features(images))


def make_other(out: Path, seed: int, channels: int) -> None:
    torch.manual_seed(seed)
    out.mkdir(parents=True, exist_ok=True)
    colour = channels == 3
    card = ModelCard(
        name="other-cnn",
        finding_classes=FINDING_CLASSES,
        input=ModelInput("radiograph", width=96, height=80, channels=3 if colour else 1),
        output=ModelOutput(logits="scores"),
        preprocessing=Preprocessing(
            mode="RGB" if colour else "L",
            mean=(0.485, 0.456, 0.406) if colour else (0.449,),
            std=(0.229, 0.224, 0.225) if colour else (0.226,),
        ),
    )
    export_onnx(
        OtherNetwork(channels, len(FINDING_CLASSES)),
        (channels, card.input.height, card.input.width),
        out / "model.onnx",
        input_name="radiograph",
        output_names=("scores",),
    )
    write_model_card(card, out / "model.json")


def make_tiny(out: Path, seed: int) -> None:
    torch.manual_seed(seed)
    out.mkdir(parents=True, exist_ok=True)
    network = VisionTransformer(TINY, len(FINDING_CLASSES)).eval()
    nn.init.normal_(network.head.weight)
    export_network(network, out / "model.onnx")
    card = ModelCard(
        name="tiny-vit",
        finding_classes=FINDING_CLASSES,
        output=ModelOutput(logits="logits", embedding="embedding"),
    )
    write_model_card(card, out / "model.json")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="make_test_model", description=__doc__)
    parser.add_argument("--kind", choices=("other", "other-grey", "tiny"), required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    if options.kind == "tiny":
        make_tiny(options.out, options.seed)
    else:
        make_other(options.out, options.seed, channels=3 if options.kind == "other" else 1)


if __name__ == "__main__":
    main()
