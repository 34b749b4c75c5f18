"""Random variations of training images, on whatever device holds them."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor


@dataclass(frozen=True)
class Augmentation:
    """Half-widths of uniform ranges. Images are never mirrored unless asked for: the heart has a
    side, and a mirrored radiograph shows another finding (dextrocardia)."""

    rotation_degrees: float = 10.0
    scale: float = 0.15
    shift: float = 0.08
    """Part of the image's side."""
    brightness: float = 0.15
    """Part of the grey range."""
    contrast: float = 0.25
    gamma: float = 0.25
    noise: float = 0.03
    """Largest standard deviation, part of the grey range."""
    erased_side: float = 0.25
    """Largest side of the blanked rectangle, part of the image's side."""
    mirror: bool = False


def augment(canvas: Tensor, rules: Augmentation, height: int, width: int) -> Tensor:
    """float (batch, channels, height, width) in 0..1 from canvases in 0..1 that may be larger.

    The canvas is warped at its own size and made smaller afterwards with antialiasing, so that a
    rotated training image is no more blurred than an image at inference.
    """
    warped = _warp(canvas, rules)
    if warped.shape[-2:] != (height, width):
        warped = F.interpolate(
            warped, (height, width), mode="bilinear", align_corners=False, antialias=True
        )
    return _erase(_vary_grey(warped, rules), rules)


def mix_up(images: Tensor, targets: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    """Convex mixtures of pairs: images and their one-hot targets (Zhang et al., 2018)."""
    if alpha <= 0:
        return images, targets
    share = torch.distributions.Beta(alpha, alpha).sample((len(images),)).to(images)
    share = torch.maximum(share, 1 - share)
    partner = torch.randperm(len(images), device=images.device)
    pixels, rows = share[:, None, None, None], share[:, None]
    mixed = pixels * images + (1 - pixels) * images[partner]
    return mixed, rows * targets + (1 - rows) * targets[partner]


def _uniform(like: Tensor, half_width: float) -> Tensor:
    return (torch.rand(len(like), device=like.device) * 2 - 1) * half_width


def _warp(canvas: Tensor, rules: Augmentation) -> Tensor:
    angle = torch.deg2rad(_uniform(canvas, rules.rotation_degrees))
    size = torch.exp(_uniform(canvas, rules.scale))
    stretch = torch.exp(_uniform(canvas, rules.scale / 3))
    flip = torch.ones_like(angle)
    if rules.mirror:
        flip = torch.where(torch.rand_like(flip) < 0.5, -flip, flip)
    cosine, sine = torch.cos(angle) * size, torch.sin(angle) * size
    # grid_sample counts in half-sides, so a shift of one side is 2.
    x_row = torch.stack((cosine * stretch * flip, -sine, 2 * _uniform(canvas, rules.shift)), dim=1)
    y_row = torch.stack((sine * flip, cosine / stretch, 2 * _uniform(canvas, rules.shift)), dim=1)
    affine = torch.stack((x_row, y_row), dim=1)
    grid = F.affine_grid(affine, list(canvas.shape), align_corners=False)
    return F.grid_sample(canvas, grid, padding_mode="border", align_corners=False)


def _vary_grey(images: Tensor, rules: Augmentation) -> Tensor:
    def column(values: Tensor) -> Tensor:
        return values[:, None, None, None]

    images = images.clamp(0, 1) ** column(torch.exp(_uniform(images, rules.gamma)))
    mean = images.mean(dim=(1, 2, 3), keepdim=True)
    contrast = column(torch.exp(_uniform(images, rules.contrast)))
    images = (images - mean) * contrast + mean + column(_uniform(images, rules.brightness))
    deviation = column(torch.rand(len(images), device=images.device) * rules.noise)
    return (images + torch.randn_like(images) * deviation).clamp(0, 1)


def _erase(images: Tensor, rules: Augmentation) -> Tensor:
    """One rectangle per image set to the image's mean (Zhong et al., 2020)."""
    batch, _, height, width = images.shape
    device = images.device

    def inside(side: int) -> Tensor:
        length = torch.rand(batch, 1, device=device) * rules.erased_side * side
        start = torch.rand(batch, 1, device=device) * (side - length)
        position = torch.arange(side, device=device)[None]
        return (position >= start) & (position < start + length)

    hole = (inside(height)[:, :, None] & inside(width)[:, None, :])[:, None]
    return torch.where(hole, images.mean(dim=(1, 2, 3), keepdim=True), images)
