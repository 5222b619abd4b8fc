"""`facesearch search`: faces for a sentence, as lines or as JSON, and what is refused."""

import json
import subprocess
import sys

import pytest
from conftest import ROOT

import facesearch
from facesearch import Query
from facesearch.__main__ import main


def printed(capsys, *arguments):
    assert main(["search", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_what_was_understood_and_the_faces_that_fit_best_are_printed(capsys, drawn_bundle, bundle):
    text = "smiling woman with black or brown hair and a ponytail, no glasses"
    lines = printed(capsys, text, "--bundle", drawn_bundle, "-k", 7).splitlines()
    assert lines[:2] == [
        "with Black hair or Brown hair, with Smiling, without Eyeglasses, without Male",
        "not understood: ponytail",
    ]
    query = Query(["Smiling", ("Black_Hair", "Brown_Hair")], ["Male", "Eyeglasses"])
    hits = bundle.search(query, 7)
    assert [line.split() for line in lines[2:]] == [
        [str(hit.rank), f"{round(hit.score, 4) + 0:.4f}", hit.name] for hit in hits
    ]


def test_json_is_one_object(capsys, drawn_bundle, bundle):
    text = "clean-shaven 🐶, no hat, bald or grey-haired"
    answer = json.loads(printed(capsys, text, "--bundle", drawn_bundle, "--json", "-k", 3))
    parsed = facesearch.parse(text)
    assert answer["query"] == {
        "wanted": [each if isinstance(each, str) else list(each) for each in parsed.query.wanted],
        "unwanted": list(parsed.query.unwanted),
    }
    assert answer["ignored"] == list(parsed.ignored)
    assert [face["name"] for face in answer["faces"]] == [
        hit.name for hit in bundle.search(parsed.query, 3)
    ]


def test_nothing_asked_shows_the_most_typical_faces(capsys, drawn_bundle, bundle):
    lines = printed(capsys, "anyone", "--bundle", drawn_bundle).splitlines()
    assert lines[0] == "nothing asked: the most typical faces"
    assert [line.split()[-1] for line in lines[1:]] == [hit.name for hit in bundle.search(Query())]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("zebra crossing", "Nothing is understood of 'zebra crossing': say what a face looks like"),
        ("a hat and no hat", "“hat” is asked for and ruled out"),
        ("x" * 2000, "The text has 2,000 characters: say it in 1,000 at the most."),
    ],
)
def test_what_can_not_be_asked_is_refused_with_a_sentence(capsys, drawn_bundle, text, message):
    assert main(["search", text, "--bundle", str(drawn_bundle)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"error: {message}")


def test_it_runs_as_a_program_without_gradio_or_torch(drawn_bundle):
    script = (
        "import sys; from facesearch.__main__ import main; "
        f"assert main(['search', 'smiling', '--bundle', {str(drawn_bundle)!r}]) == 0; "
        "assert not {'gradio', 'torch'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True)
