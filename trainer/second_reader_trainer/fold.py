"""The trained network rewritten for inference: fewer and larger matrix products, same outputs.

Per head, scores are x·Wq·(x·Wk)ᵀ = (x·(Wq·Wkᵀ))·xᵀ and the head's share of the output is
P·(x·Wv)·Wo = (P·x)·(Wv·Wo). With a head as wide as the tokens, Wq·Wkᵀ and Wv·Wo are no larger than
their factors: multiplied out once, they make the key and output projections disappear, and all
heads share the normalised tokens themselves as keys and values. What is left of a layer's attention
is two large products around one softmax, and the scores are never transposed. The last layer is
asked for the class token only, so it has one query.
"""

import copy
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .model import Attention, Layer, VisionTransformer


class FoldedAttention(nn.Module):
    def __init__(self, trained: Attention) -> None:
        super().__init__()
        self.heads = trained.heads
        head_dim = trained.head_dim
        # The products are taken in float64: rounding happens once, at the end.
        query, key, value = trained.query_key_value.weight.double().chunk(3)
        output = trained.output.weight.double()
        scores, mixes = [], []
        for head in range(trained.heads):
            rows = slice(head * head_dim, (head + 1) * head_dim)
            scores.append(query[rows].T @ key[rows] * head_dim**-0.5)
            mixes.append(value[rows].T @ output[:, rows].T)
        self.query = nn.Parameter(torch.cat(scores, dim=1).float())
        self.mix = nn.Parameter(torch.cat(mixes, dim=0).float())
        self.bias = nn.Parameter(trained.output.bias.detach().clone())

    def forward(self, asking: Tensor, tokens: Tensor) -> Tensor:
        """`asking` (batch, queries, dim) are the tokens whose new value is wanted."""
        _, queries, dim = asking.shape
        # Rows ordered by token, then head: both reshapes leave the memory as it is.
        query = (asking @ self.query).reshape(-1, queries * self.heads, dim)
        attention = torch.softmax(query @ tokens.transpose(1, 2), dim=-1)
        attended = (attention @ tokens).reshape(-1, queries, self.heads * dim)
        return attended @ self.mix + self.bias


class FoldedLayer(nn.Module):
    def __init__(self, trained: Layer) -> None:
        super().__init__()
        self.attention_norm = trained.attention_norm
        self.attention = FoldedAttention(trained.attention)
        self.mlp_norm = trained.mlp_norm
        self.mlp = trained.mlp

    def forward(self, tokens: Tensor, class_token_only: bool) -> Tensor:
        normalised = self.attention_norm(tokens)
        asking = normalised
        if class_token_only:
            asking, tokens = normalised[:, :1], tokens[:, :1]
        tokens = tokens + self.attention(asking, normalised)
        return tokens + self.mlp(self.mlp_norm(tokens))


class FoldedVisionTransformer(nn.Module):
    def __init__(self, trained: VisionTransformer) -> None:
        super().__init__()
        trained = fold_batch_norm(trained)
        self.stem = trained.stem
        self.to_token = trained.to_token
        self.class_token = nn.Parameter(trained.class_token + trained.positions[:, :1])
        self.positions = nn.Parameter(trained.positions[:, 1:].clone())
        self.layers = nn.ModuleList(FoldedLayer(cast(Layer, layer)) for layer in trained.layers)
        self.norm = trained.norm
        self.head = trained.head

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        tokens = self.to_token(self.stem(images).flatten(2).transpose(1, 2)) + self.positions
        class_token = self.class_token.expand(images.shape[0], -1, -1)
        tokens = torch.cat((class_token, tokens), dim=1)
        for depth, layer in enumerate(self.layers, start=1):
            tokens = layer(tokens, class_token_only=depth == len(self.layers))
        embedding = self.norm(tokens[:, 0])
        return self.head(embedding), embedding


def fold_batch_norm(trained: VisionTransformer) -> VisionTransformer:
    """A copy in which each convolution contains the normalisation that followed it."""
    folded = copy.deepcopy(trained).eval()
    blocks: list[nn.Module] = []
    for module in folded.stem:
        if isinstance(module, nn.BatchNorm2d):
            blocks[-1] = fuse_conv_bn_eval(cast(nn.Conv2d, blocks[-1]), module)
        else:
            blocks.append(module)
    folded.stem = nn.Sequential(*blocks)
    return folded
