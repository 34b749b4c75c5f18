"""Everything a training depends on beside its images; written whole into `training.json`."""

from dataclasses import dataclass, field

from .augment import Augmentation
from .model import Architecture


@dataclass(frozen=True)
class TrainSettings:
    name: str = "lung-vit"
    architecture: Architecture = field(default_factory=Architecture)
    augmentation: Augmentation = field(default_factory=Augmentation)
    epochs: int = 100
    batch_size: int = 32
    learning_rate: float = 1e-3
    weight_decay: float = 0.05
    warm_up: float = 0.1
    """Part of the steps during which the learning rate rises to its full value."""
    label_smoothing: float = 0.1
    mix_up: float = 0.2
    """Parameter of the beta distribution; 0 switches mixing off."""
    average_decay: float = 0.99
    """Decay a step of the exponential moving average of the weights, which is what is exported."""
    max_minutes: float | None = None
    """Ends early, with the best weights so far. A training that it cuts short depends on the
    machine's speed and is not repeatable by its seed."""
    seed: int = 0
    threads: int | None = None
