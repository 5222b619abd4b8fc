"""A gallery in ClickHouse, in process: the same answers as in memory, loading, and its faults."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, bundle_parts

from facesearch import InputError, Query, open_bundle
from facesearch.bundle import write_bundle
from facesearch.bundle.on_engine import load_into_engine, open_on_engine
from facesearch.gallery import Detections, Faces, Terms, memory
from facesearch.gallery.engine import Connection, EngineAddress, loading
from facesearch.gallery.texts import Texts

QUERIES = 125  # of each of four galleries: 500


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    """From a table's name to an engine's address; one engine to the end, as a process has one."""
    folder = tmp_path_factory.mktemp("engine")
    held = Connection(EngineAddress.parse(f"chdb://{folder}"))
    held.columns("SELECT 1")  # keeps it open
    yield lambda table: f"chdb://{folder}?table={table}"
    held.close()


def ask(address: str, statement: str):
    connection = Connection(EngineAddress.parse(address))
    try:
        return connection.columns(statement)
    finally:
        connection.close()


def portraits(_: Path) -> Path:
    """Drawn people, all labelled."""
    return ROOT / "weights" / "portraits"


def predicted(_: Path) -> Path:
    """Faces of photographs, none labelled."""
    return ROOT / "weights" / "celeba"


def tied(folder: Path) -> Path:
    """900 faces of which each is there thirty times, and some labels are unknown."""
    config, tensors, drawn = bundle_parts(30)
    order = np.random.default_rng(1).permutation(np.repeat(np.arange(30), 30))
    labels = drawn.labels[order].copy()
    labels[np.random.default_rng(2).random(labels.shape) < 0.1] = -1
    faces = Faces.named([f"{row:03}.png" for row in range(900)], labels)
    config = dataclasses.replace(config, training={"unlabelled": ["Blurry"]})
    write_bundle(folder, config, tensors, faces, drawn.embeddings[order], "# Tied\n")
    return folder


def detected(folder: Path) -> Path:
    """300 faces found in 100 photographs; some are hidden, some are copies of others."""
    config, tensors, drawn = bundle_parts(300)
    rng = np.random.default_rng(3)
    copy_of = np.arange(300, dtype=np.int32)
    copy_of[200:230] = np.arange(30)
    found = Detections(
        photos=Texts.pack([f"a/{photo:03}.jpg" for photo in range(100)]),
        photo=(np.arange(300) // 3).astype(np.int32),
        sizes=rng.integers(100, 999, (100, 2)).astype(np.int32),
        boxes=rng.uniform(0, 90, (300, 4)).astype(np.float32),
        points=rng.uniform(0, 90, (300, 5, 2)).astype(np.float32),
        measures={"score": rng.random(300, np.float32), "sharp": rng.random(300, np.float32)},
        shown=rng.random(300) < 0.8,
        copy_of=copy_of,
        thumbnails=Texts.pack([f"{row}.webp" for row in range(300)]),
    )
    names = [f"a/{row // 3:03}.jpg#{row % 3 + 1}" for row in range(300)]
    faces = Faces(Texts.pack(names), None, found)
    write_bundle(folder, config, tensors, faces, drawn.embeddings, "# Found\n")
    return folder


KINDS = (portraits, predicted, tied, detected)


@pytest.fixture(scope="module")
def both(request, engine, tmp_path_factory):
    """A bundle with its gallery in memory, and the same in the engine."""
    folder = request.param(tmp_path_factory.mktemp("kind") / "bundle")
    address = engine(request.param.__name__)
    load_into_engine(folder, address)
    return open_bundle(folder), open_on_engine(address)


def random_query(rng, bundle):
    """Up to six attributes: wanted, any of which are wanted, unwanted."""
    free = [name for name in bundle.vocabulary.names if name not in bundle.unavailable]
    names = rng.choice(free, int(rng.integers(0, 7)), replace=False).tolist()
    cut = int(rng.integers(0, len(names) + 1))
    wanted, unwanted = names[:cut], names[cut:]
    if len(wanted) > 1 and rng.random() < 0.5:
        size = int(rng.integers(2, len(wanted) + 1))
        wanted = [tuple(wanted[:size]), *wanted[size:]]
    return bundle.query(wanted, unwanted)


def random_terms(rng, bundle, query):
    """What a query asks, what a few faces are like, a mix of both, or what was taught."""
    kind = rng.random()
    if kind < 0.5:
        return bundle.terms(query)
    if kind < 0.9:
        rows = [int(row) for row in rng.integers(0, len(bundle), int(rng.integers(1, 4)))]
        like = [(float(rng.uniform(-0.5, 1)), row) for row in rows]
        mix = float(rng.choice([0, 0.3, 0.5, 1]))
        return bundle.terms(query, like, mix, without=rows[0])
    vector = rng.normal(size=bundle.gallery.columns.dim).astype(np.float32)
    return Terms(vector / np.linalg.norm(vector))


@pytest.mark.parametrize("both", KINDS, indirect=True, ids=lambda kind: kind.__name__)
def test_the_same_faces_in_the_same_order_and_the_same_counts(both):
    ours, theirs = both
    rng = np.random.default_rng(7)
    ties = 0
    for _ in range(QUERIES):
        query = random_query(rng, ours)
        terms, hidden = random_terms(rng, ours, query), bool(rng.random() < 0.3)
        k, after = int(rng.choice([1, 24, 100])), int(rng.choice([0, 0, 10, 500]))
        rows, scores = ours.gallery.top(terms, k, after, hidden=hidden)
        found, same = theirs.gallery.top(terms, k, after, hidden=hidden)
        assert found.tolist() == rows.tolist()
        np.testing.assert_array_equal(same, scores)
        ties += int((np.diff(scores) == 0).sum())
        joined = bool(rng.random() < 0.5)
        counts = ours.gallery.counts(query, joined=joined, hidden=hidden)
        others = theirs.gallery.counts(query, joined=joined, hidden=hidden)
        assert round(others.matching) == round(counts.matching)
        for name in ("wanted", "unwanted"):
            mine, other = getattr(counts, name), getattr(others, name)
            if ours.gallery.counted_from == "labels":
                assert other.tolist() == mine.tolist()
            # Memory adds up predictions in 32 bits.
            np.testing.assert_allclose(other, mine, rtol=0, atol=1e-5 * (counts.matching + 1))
        assert others.dropped == pytest.approx(counts.dropped, rel=1e-9, abs=1e-9)
    assert ties > 250 or ours.path.name != "bundle" or ours.gallery.hidden


@pytest.mark.parametrize("both", KINDS, indirect=True, ids=lambda kind: kind.__name__)
def test_it_tells_the_same_of_each_face(both):
    ours, theirs = both
    rows = np.array([0, 7, 29, len(ours) - 1])
    for one, other in zip(ours.gallery.records(rows), theirs.gallery.records(rows), strict=True):
        assert dataclasses.replace(one, predicted={}) == dataclasses.replace(other, predicted={})
        assert one.predicted == pytest.approx(other.predicted, rel=1e-5)
    np.testing.assert_array_equal(theirs.gallery.vectors(rows), ours.gallery.vectors(rows))
    query = Query(["Smiling", ("Black_Hair", "Brown_Hair")], ["Male"])
    own = Query(query.wanted, query.unwanted, vocabulary=ours.vocabulary)
    np.testing.assert_allclose(
        theirs.gallery.chances(own, rows), ours.gallery.chances(own, rows), rtol=1e-5
    )
    for row in rows.tolist():
        name = ours.gallery.faces.names[row]
        assert theirs.gallery.places([row])[0].name == name
        assert theirs.gallery.find(name) == ours.gallery.find(name) == theirs.gallery.find(row)
        assert theirs.gallery.copies(row) == ours.gallery.copies(row)
        beside = [(each.name, each.box) for each in theirs.gallery.beside(row)]
        assert beside == [(each.name, each.box) for each in ours.gallery.beside(row)]
    assert list(theirs.names) == list(ours.names)
    assert theirs.names[3] == ours.names[3]
    for about in ("hidden", "counted_from", "labelled"):
        assert getattr(theirs.gallery, about) == getattr(ours.gallery, about)
    assert (len(theirs), theirs.fingerprint) == (len(ours), ours.fingerprint)


@pytest.mark.parametrize("both", [tied, detected], indirect=True, ids=["tied", "detected"])
def test_what_is_taught_and_more_like_these_find_the_same_faces(both):
    ours, theirs = both
    rng = np.random.default_rng(5)
    learned = [each.learn("tired", [1, 2, 4, 5], [8, 9, 10]) for each in both]
    assert learned[0].as_json() == learned[1].as_json()
    ours, theirs = (each.with_taught([learned[0]]) for each in both)
    assert ours.fingerprint == theirs.fingerprint
    for wanted, unwanted in (
        (["tired"], []),
        ([("tired", "Smiling")], ["Male"]),
        (["Bald"], ["tired"]),
        (["Bald", "Smiling"], []),
    ):
        query = ours.query(wanted, unwanted)
        rows = [int(row) for row in rng.integers(0, len(ours), 3)]
        moved = [each.terms(query, more=rows[:2], fewer=rows[2:]) for each in (ours, theirs)]
        np.testing.assert_array_equal(moved[0].vector, moved[1].vector)
        for one, other in zip(
            (ours.terms(query), moved[0]), (theirs.terms(query), moved[1]), strict=True
        ):
            found, scores = ours.gallery.top(one, 60)
            same, equal = theirs.gallery.top(other, 60)
            assert same.tolist() == found.tolist()
            np.testing.assert_array_equal(equal, scores)
        counts, others = ours.counts(query), theirs.counts(query)
        near = 1e-5 * (counts.matching + 1)
        np.testing.assert_allclose(others.wanted, counts.wanted, rtol=0, atol=near)
    column = ours.vocabulary.index("tired")
    chances = [each.gallery.probability(column) for each in (ours, theirs)]
    np.testing.assert_allclose(chances[1], chances[0], rtol=1e-4, atol=1e-6)
    told = [each.gallery.records([3])[0].predicted["tired"] for each in (ours, theirs)]
    assert told[1] == pytest.approx(told[0], rel=1e-4)
    masks = [each.gallery.hidden_mask for each in (ours, theirs)]
    assert (masks[0] is None and masks[1] is None) or masks[0].tolist() == masks[1].tolist()


@pytest.mark.parametrize("both", [portraits], indirect=True, ids=["portraits"])
@pytest.mark.parametrize("face", ["x'; DROP TABLE faces; --", "\\", "", -1, 10**12, True, None])
def test_a_face_that_is_not_there_is_refused(both, face):
    with pytest.raises(InputError, match="There is no face"):
        both[1].gallery.find(face)


def test_beyond_a_million_faces_the_same_sample_is_counted(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "SAMPLED", 100)
    folder = detected(tmp_path / "bundle")
    load_into_engine(folder, engine("sampled"))
    ours, theirs = open_bundle(folder), open_on_engine(engine("sampled"))
    for hidden in (False, True):
        mine = ours.gallery.counts(Query(["Smiling"]), hidden=hidden)
        other = theirs.gallery.counts(Query(["Smiling"]), hidden=hidden)
        np.testing.assert_allclose(other.wanted, mine.wanted, rtol=1e-5)


def drawn(folder: Path, n: int = 60, seed: int = 0) -> Path:
    config, tensors, parts = bundle_parts(n, seed)
    write_bundle(folder, config, tensors, parts.faces, parts.embeddings, "# Drawn\n")
    return folder


def test_loading_again_changes_nothing_and_a_new_version_is_switched_to(engine, tmp_path):
    address = engine("again")
    first, changed = load_into_engine(drawn(tmp_path / "one"), address)
    assert changed
    assert load_into_engine(tmp_path / "one", address) == (first, False)
    running = open_on_engine(address)
    second, _ = load_into_engine(drawn(tmp_path / "two", n=70, seed=1), address)
    assert len(open_on_engine(address)) == 70
    assert len(running.search(Query(["Smiling"]), 60)) == 60  # a page that runs stays on its table
    load_into_engine(drawn(tmp_path / "three", n=80, seed=2), address)
    assert len(open_on_engine(address)) == 80
    with pytest.raises(InputError, match="has no table of these faces any more"):
        running.search(Query(["Bald"]))
    load_into_engine(tmp_path / "two", address)  # back again
    assert open_on_engine(address).fingerprint == second.fingerprint


def test_a_stopped_load_goes_on_and_a_part_of_a_batch_is_made_whole(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "ROWS", 16)
    folder, address = drawn(tmp_path / "bundle"), engine("stopped")

    class StopError(Exception):
        pass

    def stop(rows, total):
        if rows == 16 and stop.seen == 2:
            raise StopError
        stop.seen += 1

    stop.seen = 0
    with pytest.raises(StopError):
        load_into_engine(folder, address, stop)
    with pytest.raises(InputError, match="has no faces in 'stopped' yet"):
        open_on_engine(address)  # what is not whole is not served
    table = f"stopped_{open_bundle(folder).fingerprint}"
    assert ask(address, f"SELECT count() FROM {table}") == [[48]]
    ask(address, f"ALTER TABLE {table} DELETE WHERE row = 5 SETTINGS mutations_sync = 2")
    load_into_engine(folder, address)
    assert ask(address, f"SELECT count(), uniqExact(row) FROM {table}") == [[60], [60]]
    ours, theirs = open_bundle(folder), open_on_engine(address)
    assert theirs.search(Query(["Bald"]), 60) == ours.search(Query(["Bald"]), 60)


def test_a_value_that_was_changed_in_the_engine_is_noticed(engine, tmp_path):
    folder, address = drawn(tmp_path / "bundle"), engine("changed")
    load_into_engine(folder, address)
    table = f"changed_{open_bundle(folder).fingerprint}"
    ask(address, f"ALTER TABLE {table} UPDATE e3 = 0 WHERE row = 9 SETTINGS mutations_sync = 2")
    with pytest.raises(InputError, match="holds other values in e3 than were sent"):
        load_into_engine(folder, address)


def test_a_face_that_was_taken_out_is_neither_found_nor_told_of(engine, tmp_path):
    folder, address = drawn(tmp_path / "bundle"), engine("gone")
    load_into_engine(folder, address)
    bundle = open_on_engine(address)
    best = bundle.search(Query(["Smiling"]), 2)
    row = bundle.gallery.find(best[0].name)
    table = f"gone_{bundle.fingerprint}"
    ask(address, f"ALTER TABLE {table} DELETE WHERE row = {row} SETTINGS mutations_sync = 2")
    later = open_on_engine(address)
    assert later.search(Query(["Smiling"]), 1)[0].name == best[1].name
    assert later.gallery.records([row])[0].name == ""
    asked = Query(["Smiling"])
    assert later.gallery.chances(asked, np.array([row]))[0] == 0  # where it was found just before
    assert np.isnan(later.gallery.probability(0)[row])
    later.learn("tired", [1, 2, 3])  # from faces that are there
    with pytest.raises(InputError, match="There is no face"):
        later.similar(row)
    with pytest.raises(InputError, match="has been taken out of this gallery meanwhile"):
        later.gallery.vectors([row])
    with pytest.raises(InputError, match="There is no face"):
        later.face(best[0].name)


def test_a_name_that_leads_out_of_the_folder_of_images_is_not_there(engine, tmp_path):
    folder, address = drawn(tmp_path / "bundle"), engine("hostile")
    load_into_engine(folder, address)
    bundle = open_on_engine(address)
    change = "UPDATE name = '../../secret.png' WHERE row = 0 SETTINGS mutations_sync = 2"
    ask(address, f"ALTER TABLE hostile_{bundle.fingerprint} {change}")
    assert bundle.gallery.records([0])[0].name == ""


def test_the_model_of_another_bundle_is_refused(engine, tmp_path):
    address = engine("other")
    load_into_engine(drawn(tmp_path / "bundle"), address)
    with pytest.raises(InputError, match="is not the model of the faces in 'other'"):
        open_on_engine(address, ROOT / "weights" / "celeba")


def test_a_table_that_somebody_else_made_is_refused(engine):
    address = engine("strange")
    ask(address, "CREATE TABLE strange_versions (loaded DateTime64(6), fingerprint String, "
        "about String) ENGINE = Memory")  # fmt: skip
    ask(address, "INSERT INTO strange_versions VALUES (now64(6), 'a', '{\"x\": 1}')")
    with pytest.raises(InputError, match="that this facesearch did not write"):
        open_on_engine(address)


def test_two_shards_under_one_table_give_the_same_answers(engine, tmp_path):
    """Two databases, each with half of the rows, under one Merge table."""
    folder, address = tied(tmp_path / "bundle"), engine("shards")
    version, _ = load_into_engine(folder, address)
    table = version.table(EngineAddress.parse(address))
    for shard in (0, 1):
        ask(address, f"CREATE DATABASE shard{shard}")
        ask(address, f"CREATE TABLE shard{shard}.{table} AS {table}")
        ask(address, f"INSERT INTO shard{shard}.{table} SELECT * FROM {table} "
            f"WHERE row % 2 = {shard}")  # fmt: skip
    ask(address, f"DROP TABLE {table} SYNC")
    ask(address, f"CREATE TABLE {table} AS shard0.{table} "
        f"ENGINE = Merge(REGEXP('^shard[01]$'), '^{table}$')")  # fmt: skip
    ours, theirs = open_bundle(folder), open_on_engine(address)
    rng = np.random.default_rng(11)
    for _ in range(40):
        query = random_query(rng, ours)
        terms = random_terms(rng, ours, query)
        after = int(rng.choice([0, 30]))
        assert (
            theirs.gallery.top(terms, 40, after)[0].tolist()
            == ours.gallery.top(terms, 40, after)[0].tolist()
        )
        mine, other = ours.counts(query), theirs.counts(query)
        assert other.wanted.round().tolist() == mine.wanted.round().tolist()
    rows = [0, 1, 898, 899]
    assert theirs.gallery.records(rows) == ours.gallery.records(rows)
