from pathlib import Path

import pytest
from small_celeba import write_celeba

from facesearch.errors import InputError
from train.data import celeba
from train.data.celeba import find_celeba, open_dataset


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    """No CelebA anywhere: the usual places are below an empty folder."""
    monkeypatch.delenv("FACESEARCH_CELEBA", raising=False)
    monkeypatch.chdir(tmp_path)
    here = tuple(tmp_path / str(place).lstrip("/") for place in celeba.PLACES)
    monkeypatch.setattr(celeba, "PLACES", here)
    return here


def test_the_usual_places_are_kaggles_colabs_and_the_current_folders():
    places = [str(place) for place in celeba.PLACES]
    order = ["kaggle/input/celeba", "kaggle/input/celeba-dataset", "content/celeba", "data/celeba"]
    found = [next(i for i, p in enumerate(places) if p.endswith(name)) for name in order]
    assert found == sorted(found)


def test_where_there_is_none_nothing_is_found():
    assert find_celeba() is None


def test_the_places_are_searched_in_order(places):
    for place in reversed(places):
        write_celeba(place)
        assert find_celeba() == place


def test_a_place_without_annotations_is_passed_over(places):
    places[0].mkdir(parents=True)
    write_celeba(places[-1])
    assert find_celeba() == places[-1]


def test_the_variable_comes_before_the_places_and_the_option_before_both(
    places, tmp_path, monkeypatch
):
    for folder in (places[0], tmp_path / "variable", tmp_path / "option"):
        write_celeba(folder)
    monkeypatch.setenv("FACESEARCH_CELEBA", str(tmp_path / "variable"))
    assert find_celeba() == tmp_path / "variable"
    assert find_celeba(tmp_path / "option") == tmp_path / "option"


def test_an_empty_variable_counts_as_none(places, monkeypatch):
    write_celeba(places[0])
    monkeypatch.setenv("FACESEARCH_CELEBA", "")
    assert find_celeba() == places[0]


def test_a_wrong_option_is_an_error_not_passed_over(places):
    write_celeba(places[0])
    with pytest.raises(InputError, match="--data: nowhere: no such folder"):
        find_celeba(Path("nowhere"))


def test_a_wrong_variable_is_an_error_not_passed_over(places, tmp_path, monkeypatch):
    write_celeba(places[0])
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("FACESEARCH_CELEBA", str(tmp_path / "empty"))
    with pytest.raises(InputError, match=r"FACESEARCH_CELEBA: .*empty has no annotations"):
        find_celeba()


def test_opening_reads_what_is_found(places):
    names = write_celeba(places[-1])
    assert open_dataset().names == tuple(names)


def test_opening_without_any_says_how_to_get_it():
    with pytest.raises(InputError, match=r"no CelebA here.*prepare --accept-celeba-terms"):
        open_dataset()
