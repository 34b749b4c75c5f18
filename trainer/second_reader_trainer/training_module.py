"""What Lightning runs: loss, schedule, moving average, and the choice of the best weights."""

import math
from collections.abc import Callable

import lightning as L  # noqa: N812 - Lightning's own name for it
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from .augment import augment, mix_up
from .model import VisionTransformer
from .model_card import ModelCard
from .train_settings import TrainSettings

Batch = tuple[Tensor, Tensor]


class TrainingModule(L.LightningModule):
    def __init__(self, card: ModelCard, settings: TrainSettings) -> None:
        super().__init__()
        self.card = card
        self.settings = settings
        self.network = VisionTransformer(settings.architecture, len(card.finding_classes))
        self.average = AveragedModel(
            self.network, avg_fn=_moving_average(settings.average_decay), use_buffers=True
        )
        self.history: list[dict[str, float]] = []
        self.best_epoch = -1
        self.best_loss = math.inf
        self.best_weights: dict[str, Tensor] = {}
        self._train_losses: list[Tensor] = []
        self._outputs: list[Tensor] = []
        self._targets: list[Tensor] = []

    def training_step(self, batch: Batch, _: int) -> Tensor:
        pixels, classes = batch
        shape = self.card.input
        images = augment(
            pixels.float() / 255, self.settings.augmentation, shape.height, shape.width
        )
        targets = F.one_hot(classes, len(self.card.finding_classes)).to(images)
        images, targets = mix_up(images, targets, self.settings.mix_up)
        logits, _embedding = self.network(self._normalise(images * 255))
        loss = F.cross_entropy(logits, targets, label_smoothing=self.settings.label_smoothing)
        self._train_losses.append(loss.detach())
        return loss

    def on_train_batch_end(self, *_: object) -> None:
        self.average.update_parameters(self.network)

    def validation_step(self, batch: Batch, _: int) -> None:
        pixels, classes = batch
        logits, _embedding = self.average(self._normalise(pixels.float()))
        self._outputs.append(logits.float().cpu())
        self._targets.append(classes.cpu())

    def on_validation_epoch_end(self) -> None:
        logits, classes = torch.cat(self._outputs), torch.cat(self._targets)
        self._outputs.clear()
        self._targets.clear()
        if not self._train_losses:  # stopped before the first step: these weights are no result
            return
        entry = {"epoch": float(self.current_epoch), **_measure(logits, classes)}
        entry["trainLoss"] = torch.stack(self._train_losses).mean().item()
        self._train_losses.clear()
        self.history.append(entry)
        print(
            f"epoch {self.current_epoch:3d}  train {entry['trainLoss']:.4f}  "
            f"val loss {entry['valLoss']:.4f}  accuracy {entry['valAccuracy']:.4f}",
            flush=True,
        )
        if entry["valLoss"] < self.best_loss:
            self.best_loss, self.best_epoch = entry["valLoss"], self.current_epoch
            self.best_weights = {
                name: value.detach().cpu().clone()
                for name, value in self.average.module.state_dict().items()
            }

    def configure_optimizers(self) -> dict[str, object]:
        settings = self.settings
        # Decay pulls weights of products towards zero; biases, norms and positions stay free.
        decayed = [p for p in self.network.parameters() if p.ndim in (2, 4)]
        free = [p for p in self.network.parameters() if p.ndim not in (2, 4)]
        optimizer = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": settings.weight_decay},
                {"params": free, "weight_decay": 0.0},
            ],
            lr=settings.learning_rate,
        )
        steps = int(self.trainer.estimated_stepping_batches)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: warm_up_then_cosine(step, steps, settings.warm_up)
        )
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }

    def _normalise(self, levels: Tensor) -> Tensor:
        """As `preprocess.normalise`, for a batch of grey levels on the training device."""
        rules = self.card.preprocessing
        mean = levels.new_tensor(rules.mean)[None, :, None, None]
        std = levels.new_tensor(rules.std)[None, :, None, None]
        planes = levels.expand(-1, self.card.input.channels, -1, -1)
        return (planes / rules.scale - mean) / std


def warm_up_then_cosine(step: int, steps: int, warm_up: float) -> float:
    """Factor of the learning rate: a straight rise over the first part, then half a cosine to 0."""
    rising = max(1, round(steps * warm_up))
    if step < rising:
        return (step + 1) / rising
    return 0.5 * (1 + math.cos(math.pi * (step - rising) / max(1, steps - rising)))


def _moving_average(decay: float) -> Callable[[Tensor, Tensor, Tensor | int], Tensor]:
    """Exponential, but short at first: the untrained start must not weigh for hundreds of steps."""

    def average(averaged: Tensor, current: Tensor, steps: Tensor | int) -> Tensor:
        share = 1 - min(decay, (1 + float(steps)) / (10 + float(steps)))
        return averaged + (current - averaged) * share

    return average


def _measure(logits: Tensor, classes: Tensor) -> dict[str, float]:
    """`valLoss` weighs every class alike, as training does: a rare class must not be drowned."""
    losses = F.cross_entropy(logits, classes, reduction="none")
    right = (logits.argmax(dim=1) == classes).float()
    present = classes.unique()
    return {
        "valLoss": torch.stack([losses[classes == c].mean() for c in present]).mean().item(),
        "valAccuracy": right.mean().item(),
        "valBalancedAccuracy": torch.stack([right[classes == c].mean() for c in present])
        .mean()
        .item(),
    }
