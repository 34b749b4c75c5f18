"""A dataset in a folder: `<root>/<finding class>/<file>`."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from .decode import detect_format
from .image_refused import ImageRefused

EXTENSIONS = {"jpeg": (".jpg", ".jpeg"), "png": (".png",)}


@dataclass(frozen=True)
class DatasetImage:
    key: str
    """`<finding class>/<file>`, NFC."""
    file: Path
    finding_class: str


@dataclass(frozen=True)
class Dataset:
    finding_classes: tuple[str, ...]
    images: tuple[DatasetImage, ...]
    skipped: tuple[tuple[str, str], ...]
    """(key, code) of what is in the folders but is no image."""
    misnamed: tuple[str, ...]
    """Keys whose extension belongs to another format; they are used all the same."""


def read_dataset(root: Path) -> Dataset:
    """Lists by key; links are never followed, hidden files are not looked at."""
    if not root.is_dir():
        raise FileNotFoundError(f"the dataset folder {root} does not exist")
    images: list[DatasetImage] = []
    skipped: list[tuple[str, str]] = []
    misnamed: list[str] = []
    folders = [entry for entry in _entries(root) if entry.is_dir() and not entry.is_symlink()]
    for folder in folders:
        for file in _entries(folder):
            key = unicodedata.normalize("NFC", f"{folder.name}/{file.name}")
            code = _refusal(file)
            if code is not None:
                skipped.append((key, code))
                continue
            images.append(DatasetImage(key, file, key.split("/")[0]))
            if file.suffix.lower() not in EXTENSIONS[detect_format(_first_bytes(file))]:
                misnamed.append(key)
    classes = tuple(sorted(unicodedata.normalize("NFC", folder.name) for folder in folders))
    return Dataset(
        classes, tuple(sorted(images, key=lambda i: i.key)), tuple(skipped), tuple(misnamed)
    )


def _entries(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _refusal(file: Path) -> str | None:
    if file.is_symlink():
        return "LINK"
    if not file.is_file():
        return "UNSUPPORTED_IMAGE"
    try:
        detect_format(_first_bytes(file))
    except ImageRefused as refusal:
        return refusal.code
    return None


def _first_bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(32)
