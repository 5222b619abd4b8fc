"""What `test_page_answering.py` shows of the page, shown once more of one over an engine."""

import subprocess
import sys

import pytest
from conftest import ROOT
from test_page_answering import (  # noqa: F401, run here too
    test_answers_are_small,
    test_more_come_from_the_same_ranking_without_repeats,
    test_more_end_at_a_thousand,
    test_more_like_a_face_leave_it_out_and_mix_with_ticks,
    test_the_slider_says_how_many_faces_an_answer_starts_with,
    test_the_status_says_how_many_match_of_how_many_in_what_time,
    test_what_is_shown_can_be_saved,
)


@pytest.fixture
def answerer():
    """Never the browser, whatever a test is run with elsewhere."""
    return "app"


@pytest.fixture(scope="module")
def portraits_app(tmp_path_factory, start_app):
    """The app over the portraits, loaded into an engine by the command."""
    address = f"chdb://{tmp_path_factory.mktemp('engine')}?table=portraits"
    load = [sys.executable, "-m", "facesearch", "load", str(ROOT / "weights" / "portraits")]
    for said in ("Loaded in", "Nothing to do"):
        done = subprocess.run(
            [*load, "--engine", address], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.startswith(said)
    return start_app("--engine", address)
