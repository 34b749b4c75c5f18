"""The network: a convolutional stem makes tokens of the image, a transformer reads them."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor, nn


@dataclass(frozen=True)
class Architecture:
    """Sizes of the network; the defaults have 5,014,089 parameters with nine finding classes."""

    width: int = 64
    height: int = 64
    channels: int = 1
    conv_channels: tuple[int, ...] = (64, 64, 128, 128)
    conv_strides: tuple[int, ...] = (1, 1, 2, 2)
    dim: int = 64
    depth: int = 16
    heads: int = 16
    head_dim: int = 64
    mlp_dim: int = 256
    dropout: float = 0.0

    @property
    def tokens(self) -> int:
        """Positions that the stem leaves: a 3 × 3 convolution of stride s keeps ceil(side / s)."""
        width, height = self.width, self.height
        for stride in self.conv_strides:
            width, height = -(-width // stride), -(-height // stride)
        return width * height


class Attention(nn.Module):
    """Multi-head self-attention; only the output projection has a bias."""

    def __init__(self, dim: int, heads: int, head_dim: int) -> None:
        super().__init__()
        self.heads = heads
        self.head_dim = head_dim
        self.query_key_value = nn.Linear(dim, 3 * heads * head_dim, bias=False)
        self.output = nn.Linear(heads * head_dim, dim)

    def forward(self, tokens: Tensor) -> Tensor:
        batch, count, _ = tokens.shape
        split = self.query_key_value(tokens).view(batch, count, 3, self.heads, self.head_dim)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        attended = F.scaled_dot_product_attention(query, key, value)
        return self.output(attended.transpose(1, 2).reshape(batch, count, -1))


class Layer(nn.Module):
    def __init__(self, sizes: Architecture) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(sizes.dim)
        self.attention = Attention(sizes.dim, sizes.heads, sizes.head_dim)
        self.mlp_norm = nn.LayerNorm(sizes.dim)
        self.mlp = nn.Sequential(
            nn.Linear(sizes.dim, sizes.mlp_dim), nn.ReLU(), nn.Linear(sizes.mlp_dim, sizes.dim)
        )
        self.dropout = nn.Dropout(sizes.dropout)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens = tokens + self.dropout(self.attention(self.attention_norm(tokens)))
        return tokens + self.dropout(self.mlp(self.mlp_norm(tokens)))


class VisionTransformer(nn.Module):
    """float32 images (batch, channels, height, width) → (logits, embedding)."""

    def __init__(self, sizes: Architecture, class_count: int) -> None:
        super().__init__()
        self.sizes = sizes
        self.stem = _make_stem(sizes)
        self.to_token = nn.Linear(sizes.conv_channels[-1], sizes.dim)
        self.class_token = nn.Parameter(torch.zeros(1, 1, sizes.dim))
        self.positions = nn.Parameter(torch.zeros(1, sizes.tokens + 1, sizes.dim))
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(sizes.depth))
        self.norm = nn.LayerNorm(sizes.dim)
        self.head = nn.Linear(sizes.dim, class_count)
        nn.init.trunc_normal_(self.class_token, std=0.02)
        nn.init.trunc_normal_(self.positions, std=0.02)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        tokens = self.to_token(self.stem(images).flatten(2).transpose(1, 2))
        class_token = self.class_token.expand(images.shape[0], -1, -1)
        tokens = torch.cat((class_token, tokens), dim=1) + self.positions
        for layer in self.layers:
            tokens = layer(tokens)
        embedding = self.norm(tokens[:, 0])
        return self.head(embedding), embedding


def count_parameters(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def _make_stem(sizes: Architecture) -> nn.Sequential:
    blocks: list[nn.Module] = []
    inputs = sizes.channels
    for outputs, stride in zip(sizes.conv_channels, sizes.conv_strides, strict=True):
        blocks += [
            nn.Conv2d(inputs, outputs, kernel_size=3, stride=stride, padding=1),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
        ]
        inputs = outputs
    return nn.Sequential(*blocks)
