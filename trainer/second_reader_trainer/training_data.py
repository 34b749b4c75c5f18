"""Decoded images of a dataset, held in memory at the size that augmentation starts from."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import BatchSampler, DataLoader, Dataset, WeightedRandomSampler

from .dataset import Dataset as ImageDataset
from .image_refused import ImageRefused
from .model_card import ModelCard
from .preprocess import resize_pixels

CANVAS_SCALE = 2
"""Training images are kept at twice the input's side: augmentation warps, then shrinks."""


@dataclass(frozen=True)
class LabelledPixels(Dataset[tuple[Tensor, Tensor]]):
    pixels: Tensor
    """uint8 (images, bands, height, width)."""
    targets: Tensor
    """int64, index into the card's finding classes."""
    skipped: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, indices: list[int]) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        return self.pixels[indices], self.targets[indices]


def load_pixels(dataset: ImageDataset, card: ModelCard, scale_up: int = 1) -> LabelledPixels:
    """Decodes all images; those that cannot be decoded are skipped with their code."""
    pixels: list[np.ndarray] = []
    targets: list[int] = []
    skipped = list(dataset.skipped)
    for image in dataset.images:
        try:
            rows = resize_pixels(image.file.read_bytes(), card, scale_up)
        except ImageRefused as refusal:
            skipped.append((image.key, refusal.code))
            continue
        pixels.append(rows.transpose(2, 0, 1))
        targets.append(card.finding_classes.index(image.finding_class))
    if not pixels:
        raise ValueError("the dataset has no image that can be decoded")
    return LabelledPixels(
        torch.from_numpy(np.stack(pixels)), torch.tensor(targets), tuple(sorted(skipped))
    )


def balanced_loader(data: LabelledPixels, batch_size: int, seed: int) -> DataLoader:
    """As many images an epoch as there are, drawn so that every class comes equally often."""
    counts = torch.bincount(data.targets).clamp(min=1)
    sampler = WeightedRandomSampler(
        (1.0 / counts.double())[data.targets].tolist(),
        num_samples=len(data),
        generator=torch.Generator().manual_seed(seed),
    )
    batches = BatchSampler(sampler, batch_size, drop_last=len(data) >= batch_size)
    return DataLoader(data, sampler=batches, batch_size=None)


def ordered_loader(data: LabelledPixels, batch_size: int) -> DataLoader:
    batches = BatchSampler(range(len(data)), batch_size, drop_last=False)
    return DataLoader(data, sampler=batches, batch_size=None)
