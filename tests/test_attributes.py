"""The forty names, their groups and labels, and the query over them."""

import numpy as np
import pytest

from facesearch.attributes import ATTRIBUTES, CELEBA, Query
from facesearch.errors import InputError


def test_there_are_forty_names_in_celebas_order():
    assert len(ATTRIBUTES) == len(set(ATTRIBUTES)) == 40
    # CelebA lists them by alphabet, digits first.
    assert list(ATTRIBUTES) == sorted(ATTRIBUTES)
    assert (ATTRIBUTES[0], ATTRIBUTES[20], ATTRIBUTES[39]) == ("5_o_Clock_Shadow", "Male", "Young")


def test_every_attribute_is_in_one_group_with_a_label_of_its_own():
    grouped = [name for group in CELEBA.groups.values() for name in group]
    assert sorted(grouped) == sorted(ATTRIBUTES)
    assert len(set(CELEBA.labels.values())) == 40
    assert not any("_" in label for label in CELEBA.labels.values())


def test_a_query_vector_holds_plus_one_minus_one_and_zero():
    vector = Query(["Smiling", "Eyeglasses"], ["Male"]).vector
    assert vector.shape == (40,)
    assert vector.dtype == np.float32
    assert {ATTRIBUTES[i]: v for i, v in enumerate(vector) if v} == {
        "Eyeglasses": 1,
        "Smiling": 1,
        "Male": -1,
    }


def test_queries_that_ask_the_same_are_equal_whatever_the_order():
    one = Query(["Young", "Bald", "Young"], iter(["Male"]))
    assert one == Query(("Bald", "Young"), {"Male"})
    assert hash(one) == hash(Query(["Bald", "Young"], ["Male"]))
    assert one.wanted == ("Bald", "Young")


def test_an_unknown_name_is_refused_with_the_nearest_ones():
    with pytest.raises(InputError, match=r"Unknown attribute 'Eyeglases'.*Did you mean Eyeglasses"):
        CELEBA.index("Eyeglases")
    with pytest.raises(InputError, match="Unknown attribute 5"):
        Query([5])


def test_wanted_and_unwanted_at_once_is_refused():
    with pytest.raises(InputError, match="Bald, Male: wanted and unwanted at once"):
        Query(["Male", "Bald", "Young"], ["Male", "Bald"])


@pytest.mark.parametrize("field", ["wanted", "unwanted"])
def test_a_single_text_in_place_of_a_list_is_refused(field):
    with pytest.raises(InputError, match=f"{field} is the text 'Male': give a list"):
        Query(**{field: "Male"})
