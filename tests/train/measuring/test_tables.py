"""Tables of what was measured, for the terminal and for the model card."""

from train.measuring.tables import HEADLINE, Table, tables


def test_a_table_is_the_same_in_columns_and_in_markdown():
    table = Table("What:", ["method", "score", "images"], [["plain", 0.12345, 4535], ["b", 1.0, 7]])
    assert table.plain().splitlines() == [
        "What:",
        "method  score  images",
        "plain   0.123   4,535",
        "b       1.000       7",
    ]
    assert table.markdown().splitlines() == [
        "What:",
        "",
        "| method | score | images |",
        "| --- | ---: | ---: |",
        "| plain | 0.123 | 4,535 |",
        "| b | 1.000 | 7 |",
    ]


def test_only_what_was_measured_is_shown():
    assert list(tables({})) == []
    scores = {f"{name} k={size}": 0.5 for name in HEADLINE for size in (1, 2)}
    method = {**scores, **dict.fromkeys(HEADLINE, 0.25)}
    headline, by_size = tables({"methods": {"mine": method}})
    assert headline.rows == [["mine", 0.25, 0.25, 0.25, 0.25]]
    assert [row[0] for row in by_size.rows] == [1, 2]


def test_an_attribute_measured_one_way_only_leaves_the_other_cells_empty():
    found = {
        "Smiling": {"wanted AP": 0.9, "unwanted AP": 0.8},
        "Bald": {"unwanted AP": 1.0},
    }
    (table,) = tables({"attributes": found})
    assert table.rows == [["Smiling", 0.9, 0.8], ["Bald", "", 1.0]]


def test_what_a_person_asks_beyond_ticks_has_its_tables():
    any_of = {"any of the two": {"mAP": 0.6, "P@10": 0.8}, "both": {"mAP": 0.3, "P@10": 0.4}}
    taught = {"5 with, 5 without": {"plain ridge": 0.5, "as taught here": 0.6}}
    found = tables(
        {
            "any_of": {"queries": 300, "rows": any_of},
            "alike": {"faces": 500, "folded": 3, "rows": {"chance": 0.7, "more like this": 0.9}},
            "taught": {"attributes": 12, "draws": 8, "rows": taught},
        }
    )
    assert [table.rows for table in found] == [
        [["any of the two", 0.6, 0.8], ["both", 0.3, 0.4]],
        [["chance", 0.7], ["more like this", 0.9]],
        [["5 with, 5 without", 0.5, 0.6]],
    ]
