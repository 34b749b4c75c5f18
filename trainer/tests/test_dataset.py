from pathlib import Path

import pytest
from pictures import encode, smooth_grey

from second_reader_trainer.dataset import read_dataset


def test_lists_images_by_key_and_skips_links_and_other_files(tmp_path: Path):
    png, jpeg = encode(smooth_grey()), encode(smooth_grey(), "JPEG")
    for name, data in {
        "b/2.png": png,
        "b/10.jpg": jpeg,
        "b/notes.txt": b"no picture",
        "b/empty.png": b"",
        "b/.hidden.png": png,
        "a/wrong-name.jpg": png,
        "a/e\u0301.png": png,
        "README.md": b"beside the folders",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "b" / "link.png").symlink_to(tmp_path / "b" / "2.png")
    (tmp_path / "c").symlink_to(tmp_path / "a")
    dataset = read_dataset(tmp_path)
    assert dataset.finding_classes == ("a", "b")
    assert [i.key for i in dataset.images] == [
        "a/wrong-name.jpg",
        "a/\u00e9.png",
        "b/10.jpg",
        "b/2.png",
    ]
    assert [i.finding_class for i in dataset.images] == ["a", "a", "b", "b"]
    assert dataset.skipped == (
        ("b/empty.png", "EMPTY_FILE"),
        ("b/link.png", "LINK"),
        ("b/notes.txt", "UNSUPPORTED_IMAGE"),
    )
    assert dataset.misnamed == ("a/wrong-name.jpg",)


def test_names_the_folder_that_does_not_exist(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read_dataset(tmp_path / "nowhere")
