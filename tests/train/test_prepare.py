import argparse
from pathlib import Path

import pytest
from PIL import Image
from small_celeba import picture, write_celeba

from facesearch.errors import InputError
from train import prepare
from train.data import celeba, unreadable


@pytest.fixture(autouse=True)
def nowhere_else(tmp_path, monkeypatch):
    monkeypatch.delenv("FACESEARCH_CELEBA", raising=False)
    monkeypatch.setattr(celeba, "PLACES", (tmp_path / "data" / "celeba",))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_celeba(tmp_path / "celeba")
    return tmp_path / "celeba"


def run(*words: str | Path) -> None:
    parser = argparse.ArgumentParser()
    prepare.add_arguments(parser)
    prepare.run(parser.parse_args([str(word) for word in words]))


def test_it_says_how_many_images_of_each_split_there_are(root, capsys):
    (root / "img_align_celeba" / "000002.jpg").unlink()
    (root / "img_align_celeba" / "000005.jpg").unlink()
    (root / "img_align_celeba" / "other.jpg").write_bytes(picture())
    run("--data", root)
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "train 1 images (1 more are annotated, but not there)" in lines
    assert "valid 2 images" in lines
    assert "test 1 images (1 more are annotated, but not there)" in lines
    assert "1 other files beside them, without annotation: ignored" in lines
    assert "All 4 images can be read." in lines


def test_unreadable_images_are_counted_and_listed_and_the_others_work(tmp_path, capsys):
    root = tmp_path / "celeba"
    names = write_celeba(root, rows=9)
    images = root / "img_align_celeba"
    content = picture(1)
    (images / names[0]).write_bytes(content[: len(content) // 2])
    (images / names[1]).write_bytes(b"")
    (images / names[2]).write_text("<html>no image</html>")
    image = Image.open(images / names[3])
    image.convert("L").save(images / names[3])
    image.convert("RGBA").save(images / names[4], "PNG")
    image.convert("CMYK").save(images / names[5])
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(images / names[6], exif=exif)
    Image.new("RGB", (10_000, 6_000)).save(images / names[7])
    run("--data", root)
    out = capsys.readouterr().out
    assert f"{names[0]}: can't be read as an image" in out or f"{names[0]}: not an image" in out
    assert f"{names[1]}: an empty file." in out
    assert f"{names[2]}: not an image that can be read." in out
    assert out.count(".jpg: ") == 3
    assert "3 of 9 images can't be read; training skips them." in out


def test_a_long_list_of_unreadable_images_is_cut(root, capsys, monkeypatch):
    monkeypatch.setattr(unreadable, "LISTED", 2)
    for name in ("000001.jpg", "000002.jpg", "000003.jpg", "000004.jpg"):
        (root / "img_align_celeba" / name).write_bytes(b"")
    run("--data", root)
    out = capsys.readouterr().out
    assert out.count("an empty file") == 2
    assert "and 2 more" in out
    assert "4 of 6 images can't be read" in out


def test_a_data_set_without_one_readable_image_is_refused(root):
    for path in (root / "img_align_celeba").iterdir():
        path.write_bytes(b"")
    with pytest.raises(InputError, match="not one image can be read"):
        run("--data", root)


def test_the_check_can_be_skipped(root, capsys):
    (root / "img_align_celeba" / "000001.jpg").write_bytes(b"")
    run("--data", root, "--skip-image-check")
    assert "can't be read" not in capsys.readouterr().out


def test_without_celeba_it_prints_the_terms_and_asks_to_accept_them(capsys, monkeypatch):
    monkeypatch.setattr(prepare, "fetch_celeba", lambda: pytest.fail("fetched without agreement"))
    with pytest.raises(InputError, match=r"If you agree .*prepare --accept-celeba-terms"):
        run()
    assert "non-commercial research" in capsys.readouterr().out


def test_with_the_terms_accepted_it_fetches_once(tmp_path, capsys, monkeypatch):
    target = celeba.PLACES[0]

    def fetch() -> Path:
        assert not target.exists()
        write_celeba(target)
        return target

    monkeypatch.setattr(prepare, "fetch_celeba", fetch)
    run("--accept-celeba-terms")
    assert "non-commercial research" in capsys.readouterr().out
    run("--accept-celeba-terms")
    out = capsys.readouterr().out
    assert "non-commercial" not in out
    assert "All 6 images can be read." in out


def test_accepting_the_terms_never_covers_up_a_wrong_folder(tmp_path):
    with pytest.raises(InputError, match=r"--data: .*no such folder"):
        run("--data", tmp_path / "nowhere", "--accept-celeba-terms")
