"""The endpoints as programs see them: README's snippets, `/similar`, `/counts`, and MCP's tools."""

import asyncio
import json
import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import ROOT, matching
from gradio_client.exceptions import AppError

import facesearch
from facesearch import ATTRIBUTES, Query

README = (ROOT / "README.md").read_text("utf-8")


def test_these_three_are_the_only_public_endpoints(client):
    endpoints = client.view_api(return_format="dict")
    assert list(endpoints["named_endpoints"]) == ["/search", "/similar", "/counts"]
    assert endpoints["unnamed_endpoints"] == {}


def test_readmes_snippets_run_against_the_default_app(start_app, capsys):
    app = start_app()
    snippets = re.findall(r"```python\n(from gradio_client.*?)```", README, re.DOTALL)
    assert snippets
    for snippet in snippets:
        scope = {}
        exec(snippet.replace("http://127.0.0.1:7860", app.url), scope)
        portraits = facesearch.open_bundle(ROOT / "weights/portraits")
        expected = portraits.search(Query(["Eyeglasses"], ["Male"]), 24)
        assert [face["name"] for face in scope["faces"]] == [hit.name for hit in expected]
        alike = portraits.similar(expected[0].name, 12, Query(["Smiling"]), 0.5)
        assert [face["name"] for face in scope["alike"]] == [hit.name for hit in alike]
        labels = portraits.gallery.faces.labels.T
        glasses = int((labels[:, ATTRIBUTES.index("Eyeglasses")] == 1).sum())
        printed = capsys.readouterr().out
        assert f"{glasses} of 2000 wear glasses, by labels" in printed
    app.stop()


class TestSimilar:
    def test_gives_what_the_bundle_gives_with_addresses_of_images(self, client, bundle):
        found = client.predict(face="007.png", k=5, api_name="/similar")
        hits = bundle.similar("007.png", 5)
        assert [(f["rank"], f["name"]) for f in found] == [(h.rank, h.name) for h in hits]
        assert [f["score"] for f in found] == pytest.approx([h.score for h in hits])
        assert found[0]["image"].startswith(f"faces/{bundle.gallery.find(found[0]['name'])}?")

    def test_mixes_in_what_is_asked(self, client, bundle):
        found = client.predict(
            face="007.png",
            wanted=["Smiling"],
            unwanted=["Male"],
            mix=0.7,
            api_name="/similar",
        )
        hits = bundle.similar("007.png", 24, Query(["Smiling"], ["Male"]), 0.7)
        assert [face["name"] for face in found] == [hit.name for hit in hits]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"face": "nobody.png"}, "There is no face 'nobody.png' in this gallery of 60"),
            ({"face": 7}, "face is 7: give the name of a face"),
            ({"face": None}, "face is None: give the name of a face"),
            ({"face": "007.png", "mix": 2}, "mix is 2: give a number from 0"),
            ({"face": "007.png", "mix": "half"}, "mix is 'half': give a number from 0"),
            ({"face": "007.png", "k": 0}, "at least 1"),
            ({"face": "007.png", "k": "many"}, "k is 'many'"),
            ({"face": "007.png", "wanted": ["Smilling"]}, "Did you mean Smiling"),
            ({"face": "007.png", "unwanted": "Male"}, "give a list of attribute names"),
        ],
    )
    def test_a_mistake_comes_back_as_a_sentence(self, client, arguments, message):
        with pytest.raises(AppError, match=message):
            client.predict(**arguments, api_name="/similar")


class TestSearchInWords:
    def test_words_ask_besides_the_lists(self, client, bundle):
        found = client.predict(
            text="smiling woman, black or brown hair", unwanted=["Eyeglasses"], api_name="/search"
        )
        query = Query(["Smiling", ("Black_Hair", "Brown_Hair")], ["Male", "Eyeglasses"])
        assert [face["name"] for face in found] == [hit.name for hit in bundle.search(query)]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"text": "hat, no hat"}, "asked for and ruled out"),
            ({"text": "zebra"}, "Nothing is understood of 'zebra'"),
            ({"text": 7}, "The text is 7: say in words who is to be found"),
            ({"text": "a woman", "wanted": ["Male"]}, "wanted and unwanted at once"),
        ],
    )
    def test_a_mistake_comes_back_as_a_sentence(self, client, arguments, message):
        with pytest.raises(AppError, match=message):
            client.predict(**arguments, api_name="/search")


class TestCounts:
    def test_gives_matches_and_those_with_each_attribute_added(self, client, bundle):
        answer = client.predict(wanted=["Smiling"], unwanted=["Male"], api_name="/counts")
        labels = bundle.gallery.faces.labels.T
        smiling, male = (labels[:, ATTRIBUTES.index(name)] == 1 for name in ("Smiling", "Male"))
        assert answer["faces"] == 60
        assert answer["from"] == "labels"
        assert answer["matching"] == int((smiling & ~male).sum())
        assert list(answer["attributes"]) == list(ATTRIBUTES)
        for column, counts in enumerate(answer["attributes"].values()):
            others = smiling if ATTRIBUTES[column] == "Male" else smiling & ~male
            others = ~male if ATTRIBUTES[column] == "Smiling" else others
            assert counts["with"] == int((labels[others, column] == 1).sum())
            assert counts["without"] == int((labels[others, column] == 0).sum())
        assert answer["unavailable"] == []

    def test_with_nothing_asked_everyone_matches(self, client):
        assert client.predict(api_name="/counts")["matching"] == 60

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"wanted": ["Smilling"]}, "Did you mean Smiling"),
            ({"wanted": ["Male"], "unwanted": ["Male"]}, "wanted and unwanted at once"),
            ({"unwanted": [1]}, "give a list of attribute names"),
        ],
    )
    def test_a_mistake_comes_back_as_a_sentence(self, client, arguments, message):
        with pytest.raises(AppError, match=message):
            client.predict(**arguments, api_name="/counts")

    def test_attributes_that_are_unavailable_are_named_and_refused(self):
        from facesearch.page.answer import Answers

        answers = Answers(facesearch.open_bundle(ROOT / "weights/portraits"))
        answer = answers.counts()
        assert answer["unavailable"] == ["Attractive"]
        assert list(answer["attributes"]) == [name for name in ATTRIBUTES if name != "Attractive"]
        with pytest.raises(facesearch.InputError, match="Attractive is not available here"):
            answers.counts(["Attractive"])


@pytest.fixture(scope="module")
def mcp_address(drawn_bundle, start_app):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_MCP_SERVER", "True")
        app = start_app("--bundle", drawn_bundle)
    yield f"{app.url}gradio_api/mcp/"
    app.stop()


def call_tools(address, *calls):
    """Results of (tool, arguments) in one session, as (text, whether it is an error)."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def session():
        async with (
            streamable_http_client(address) as (read, write, _),
            ClientSession(read, write) as client,
        ):
            await client.initialize()
            return [await client.call_tool(tool, arguments) for tool, arguments in calls]

    with ThreadPoolExecutor(1) as pool:  # this thread may have Playwright's event loop
        results = pool.submit(asyncio.run, session()).result()
    return [(result.content[0].text, result.isError) for result in results]


class TestMcp:
    def test_offers_the_three_as_tools_with_every_parameter_typed_and_explained(self, mcp_address):
        with urllib.request.urlopen(f"{mcp_address}schema") as answer:
            tools = {tool["name"]: tool for tool in json.load(answer)}
        assert list(tools) == ["search", "similar", "counts"]
        for tool in tools.values():
            assert "Returns: " in tool["description"]
            for name, schema in tool["inputSchema"]["properties"].items():
                assert schema["description"], name
                assert "type" in schema or "oneOf" in schema, name
        assert tools["similar"]["inputSchema"]["required"] == ["face"]
        assert tools["search"]["inputSchema"]["properties"]["k"]["type"] == "integer"
        names = {"type": "array", "items": {"type": "string"}}
        asked = tools["counts"]["inputSchema"]["properties"]
        assert asked["unwanted"]["oneOf"] == [{"type": "null"}, names]
        items = asked["wanted"]["oneOf"][1]["items"]
        assert {"type": "string"} in next(iter(items.values())), items
        assert tools["search"]["inputSchema"]["properties"]["text"]["type"] == "string"

    def test_a_tool_answers_what_the_endpoint_answers(self, mcp_address, bundle):
        (found, failed), (said, _), (alike, _), (counts, _) = call_tools(
            mcp_address,
            ("search", {"wanted": ["Bald"], "k": 2}),
            ("search", {"text": "a bald guy", "k": 2}),
            ("similar", {"face": "007.png", "k": 2}),
            ("counts", {"wanted": ["Bald"]}),
        )
        assert not failed
        assert all(hit.name in found for hit in bundle.search(Query(["Bald"]), 2))
        assert all(hit.name in said for hit in bundle.search(Query(["Bald", "Male"]), 2))
        assert all(hit.name in alike for hit in bundle.similar("007.png", 2))
        assert f"'matching': {matching(bundle, Query(['Bald']))}" in counts

    def test_a_mistake_comes_back_as_a_sentence(self, mcp_address):
        [(text, failed)] = call_tools(mcp_address, ("search", {"wanted": ["Balld"]}))
        assert failed
        assert "Did you mean Bald" in text


def test_without_the_switch_there_is_no_mcp(drawn_app):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{drawn_app.url}gradio_api/mcp/schema")
    assert refused.value.code == 404
