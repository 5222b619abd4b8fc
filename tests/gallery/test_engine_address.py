"""An engine's address, its password, and an engine that can't be asked."""

import socket
import subprocess
import sys

import pytest
from conftest import ROOT

from facesearch import InputError
from facesearch.bundle.on_engine import open_on_engine
from facesearch.errors import EngineError
from facesearch.gallery.engine import EngineAddress
from facesearch.gallery.engine.address import PASSWORD, PASSWORD_FILE
from facesearch.gallery.engine.schema import creation


def test_an_address_says_where_and_never_shows_the_password():
    address = EngineAddress.parse(
        "clickhouse://ann@db.example:8443/people?table=faces_2&cluster=main&timeout=3",
        {PASSWORD: "s3cret"},
    )
    assert (address.host, address.port, address.user) == ("db.example", 8443, "ann")
    assert (address.database, address.table, address.cluster) == ("people", "faces_2", "main")
    assert address.secure
    assert address.timeout == 3
    assert address.password == "s3cret"
    assert "s3cret" not in f"{address} {address!r}"
    assert not EngineAddress.parse("clickhouse://localhost", {}).secure


def test_a_password_may_come_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("s3cret\n")
    environment = {PASSWORD_FILE: str(tmp_path / "secret")}
    assert EngineAddress.parse("clickhouse://a@b", environment).password == "s3cret"
    with pytest.raises(InputError, match="names a file that can't be read"):
        EngineAddress.parse("clickhouse://a@b", {PASSWORD_FILE: str(tmp_path / "gone")})


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("clickhouse://a:s3cret@b", "holds a password"),
        ("clickhouse://a@b?password=s3cret", "holds a password"),
        ("http://b", "give an address as"),
        ("clickhouse://", "names no host"),
        ("clickhouse://b/x?table=a`b", "the table is"),
        ("clickhouse://b/x;y", "the database is"),
        ("clickhouse://b?cluster=", "the cluster is"),
        ("clickhouse://b?timeout=0", "timeout is"),
        ("clickhouse://b?shards=2", "has no 'shards'"),
        ("clickhouse://b:port", "is no address"),
    ],
)
def test_a_wrong_address_is_a_sentence_without_the_password(address, said):
    with pytest.raises(InputError, match=said) as error:
        EngineAddress.parse(address, {})
    assert "s3cret" not in str(error.value)


ORDINARY = """
import sys
import app
from facesearch import Query, open_bundle
from facesearch.page import server
bundle = open_bundle("weights/portraits")
bundle.search(Query(["Smiling"]))
extras = ("chdb", "clickhouse_connect", "s3fs", "aiobotocore", "facesearch.gallery.engine")
print([name for name in extras if name in sys.modules])
"""


def test_the_ordinary_page_imports_nothing_of_an_engine_or_a_store():
    command = [sys.executable, "-c", ORDINARY]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_without_its_packages_an_engine_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "clickhouse_connect", None)
    with pytest.raises(InputError, match=r'pip install "facesearch\[engine\]"'):
        open_on_engine("clickhouse://127.0.0.1")


def test_an_engine_that_is_away_is_a_sentence():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EngineError, match="can't be reached"):
        open_on_engine(f"clickhouse://127.0.0.1:{port}")


SLOW = """
import sys
from facesearch.errors import EngineSlow
from facesearch.gallery.engine import Connection, EngineAddress
connection = Connection(EngineAddress.parse(f"chdb://{sys.argv[1]}?timeout=1"))
try:
    connection.columns("SELECT count() FROM numbers(1000000000000) WHERE sin(number) = 2")
except EngineSlow as error:
    print(error)
print(connection.columns("SELECT 1"))
"""


def test_an_answer_that_takes_too_long_is_a_sentence_and_the_next_one_comes(tmp_path):
    # In a process of its own, which can hold one engine alone.
    command = [sys.executable, "-c", SLOW, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    slow, next_one = done.stdout.splitlines()
    assert "took longer than 1 seconds" in slow
    assert next_one == "[[1]]"


def test_on_a_cluster_tables_are_replicated_and_one_distributes():
    address = EngineAddress.parse("clickhouse://b/x?cluster=main", {})
    local, distributed = creation(address, "faces_1", {"row": "UInt32", "name": "String"})
    assert "`faces_1_local` ON CLUSTER `main`" in local
    assert "ReplicatedMergeTree(" in local
    assert "Distributed(`main`, currentDatabase(), `faces_1_local`, `row`)" in distributed
