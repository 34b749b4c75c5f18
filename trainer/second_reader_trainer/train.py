"""python -m second_reader_trainer.train --train DIR --val DIR --out DIR [--epochs N …]

One option per setting, named after it.
"""

import argparse
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

from .augment import Augmentation
from .model import Architecture
from .train_model import train
from .train_settings import TrainSettings

Settings = TypeVar("Settings", Architecture, Augmentation, TrainSettings)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m second_reader_trainer.train")
    parser.add_argument("--train", type=Path, required=True, help="<class>/<file> to learn from")
    parser.add_argument("--val", type=Path, required=True, help="<class>/<file> to choose by")
    parser.add_argument("--out", type=Path, required=True, help="folder for the three files")
    parser.add_argument("--attention", choices=("plain", "folded"), default="folded")
    parser.add_argument("--max-minutes", type=float, help="end early with the best weights so far")
    parser.add_argument("--threads", type=int, help="threads of the CPU; default: all")
    for defaults in (Architecture(), Augmentation(), TrainSettings()):
        _add_options(parser, defaults)
    options = vars(parser.parse_args(arguments))
    settings = replace(
        _filled(TrainSettings(), options),
        architecture=_filled(Architecture(), options),
        augmentation=_filled(Augmentation(), options),
        max_minutes=options["max_minutes"],
        threads=options["threads"],
    )
    train(options["train"], options["val"], options["out"], settings, options["attention"])


def _add_options(parser: argparse.ArgumentParser, defaults: object) -> None:
    for name, default in _plain_fields(defaults).items():
        option = "--" + name.replace("_", "-")
        if isinstance(default, bool):
            parser.add_argument(option, action="store_true")
        elif isinstance(default, tuple):
            parser.add_argument(option, type=_whole_numbers, default=default, metavar="N,N,…")
        else:
            parser.add_argument(option, type=type(default), default=default, help=f"{default}")


def _plain_fields(settings: object) -> dict[str, object]:
    values = {f.name: getattr(settings, f.name) for f in fields(settings)}  # type: ignore[arg-type]
    return {n: v for n, v in values.items() if isinstance(v, bool | int | float | str | tuple)}


def _filled(settings: Settings, options: dict[str, object]) -> Settings:
    return replace(settings, **{name: options[name] for name in _plain_fields(settings)})


def _whole_numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    main()
