"""``portal rank``: its columns, its order, its refusals in words, and its exit statuses."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli.rank import COLUMNS, LISTED, rank
from portal.intake.rank_file import MOST_STRATA

ROWS = [
    ("甲", "a", 100, 90),
    ("乙", "a", 50, 45),
    ("丙", "a", 200, 180),
    ("丁", "a", 100, 70),
    ("丁", "b", 30, 20),
    ("乙", "b", 40, 30),
    ("戊", "a", 0, 0),
]
HEADER = "institution,stratum,trials,successes\n"


def text_of(rows: list[tuple[str, str, int, int]]) -> str:
    """Return the rows as a file."""
    return HEADER + "".join(f"{a},{b},{n},{y}\n" for a, b, n, y in rows)


def ran(folder: Path, content: str | bytes, *options: str) -> Result:
    """Return what the command answers to this file."""
    path = folder / "in.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return CliRunner().invoke(rank, [str(path), "--draws", "400", *options], catch_exceptions=False)


def table_of(text: str) -> list[dict[str, str]]:
    """Return the rows of the answer."""
    return list(csv.DictReader(io.StringIO(text)))


def test_columns_formats_and_order(tmp_path: Path) -> None:
    answer = ran(tmp_path, text_of(ROWS))
    assert answer.exit_code == 0
    assert answer.stdout.startswith(",".join(COLUMNS) + "\n")
    assert "\r" not in answer.stdout
    table = table_of(answer.stdout)
    assert [row["institution"] for row in table][-2:] == ["丁", "戊"]
    first = table[0]
    assert first["raw_rate"] == "0.900000"
    assert all(
        len(first[name].partition(".")[2]) == 6 for name in ("rate", "rate_low", "rate_high")
    )
    assert first["rank_low"].isdigit()
    assert float(first["rate_low"]) < float(first["rate"]) < float(first["rate_high"])


def test_without_trials_figures_are_empty(tmp_path: Path) -> None:
    last = table_of(ran(tmp_path, text_of(ROWS)).stdout)[-1]
    assert (last["trials"], last["rate"], last["rank"], last["p_above_average"]) == (
        "0",
        "",
        "",
        "",
    )
    assert last["band"] == "withheld"


def test_same_rows_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    shuffled = ROWS.copy()
    random.Random(4).shuffle(shuffled)  # noqa: S311 - not for secrets
    assert (
        ran(tmp_path, text_of(shuffled)).stdout_bytes == ran(tmp_path, text_of(ROWS)).stdout_bytes
    )


def test_seed_and_level_matter(tmp_path: Path) -> None:
    usual = ran(tmp_path, text_of(ROWS)).stdout
    assert ran(tmp_path, text_of(ROWS), "--seed", "2").stdout != usual
    wider = table_of(ran(tmp_path, text_of(ROWS), "--level", "0.95").stdout)[0]
    assert float(wider["rate_low"]) < float(table_of(usual)[0]["rate_low"])


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + text_of(ROWS).encode(),
        text_of(ROWS).replace("\n", "\r\n").encode(),
        text_of(ROWS).replace("\n", "\r").encode(),
        text_of(ROWS).encode("gb18030"),
        text_of(ROWS).encode("utf-16"),
        text_of(ROWS).replace(",", "\t").encode(),
        text_of(ROWS).replace("institution", " Institution ").encode() + b"\n,,,\n\n",
    ],
    ids=["mark", "crlf", "cr", "gb18030", "utf-16", "tabs", "header and blanks"],
)
def test_any_sheet_of_the_same_rows_gives_the_same_answer(tmp_path: Path, content: bytes) -> None:
    assert ran(tmp_path, content).stdout_bytes == ran(tmp_path, text_of(ROWS)).stdout_bytes


def test_stratum_may_be_left_out(tmp_path: Path) -> None:
    answer = ran(tmp_path, "successes,trials,institution\n9,10,a\n5,20,b\n")
    assert [row["institution"] for row in table_of(answer.stdout)] == ["a", "b"]


def test_output_file_has_the_same_bytes(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    answer = ran(tmp_path, text_of(ROWS), "-o", str(out))
    assert answer.stdout == ""
    assert out.read_bytes() == ran(tmp_path, text_of(ROWS)).stdout_bytes


def test_json_carries_rankability_and_reasons(tmp_path: Path) -> None:
    found = json.loads(ran(tmp_path, text_of(ROWS), "--json").stdout)
    assert found["order_publishable"] is True
    assert 0.5 < found["rankability"] < 1
    assert found["items"][-1]["withheld"]["rate"] == "withheld.no_data"


def test_gate_is_said_aloud_and_the_columns_stay(tmp_path: Path) -> None:
    answer = ran(tmp_path, "institution,trials,successes\na,40,36\nb,40,36\nc,40,35\n")
    assert answer.exit_code == 0
    assert all(row["rank"] for row in table_of(answer.stdout))
    assert "可排序程度" in answer.stderr
    assert "rankability" in answer.stderr


def test_small_institutions_keep_their_figures_but_no_band(tmp_path: Path) -> None:
    answer = ran(tmp_path, "institution,trials,successes\na,9,9\nb,29,5\nc,300,200\n")
    bands = {row["institution"]: row["band"] for row in table_of(answer.stdout)}
    assert bands["a"] == bands["b"] == "withheld"
    assert bands["c"] != "withheld"
    assert all(row["rank"] for row in table_of(answer.stdout))


def test_sets_without_links_are_ranked_apart(tmp_path: Path) -> None:
    rows = [("a", "s", 50, 40), ("b", "s", 50, 30), ("c", "s", 50, 20)]
    rows += [("x", "t", 90, 80), ("y", "t", 90, 10), ("alone", "u", 90, 45)]
    answer = ran(tmp_path, text_of(rows))
    table = {row["institution"]: row for row in table_of(answer.stdout)}
    assert (table["a"]["rank"], table["x"]["rank"], table["y"]["rank"]) == ("1", "1", "2")
    assert table["alone"]["rank"] == ""
    assert [table[name]["band"] for name in ("x", "y", "alone")] == ["withheld"] * 3
    assert "只在各自的一组内" in answer.stderr


@pytest.mark.parametrize(
    "content",
    ["institution,trials,successes\na,50,45\n", "institution,trials,successes\na,0,0\nb,0,0\n"],
    ids=["one institution", "all zero"],
)
def test_nothing_to_compare_is_answered_not_refused(tmp_path: Path, content: str) -> None:
    answer = ran(tmp_path, content)
    assert answer.exit_code == 0
    assert all(row["rank"] == "" for row in table_of(answer.stdout))


@pytest.mark.parametrize("passed", [0, 40])
def test_all_pass_and_none_pass_are_answered(tmp_path: Path, passed: int) -> None:
    answer = ran(tmp_path, f"institution,trials,successes\na,40,{passed}\nb,40,{passed}\n")
    assert answer.exit_code == 0
    assert all(
        0 <= float(row["rate_low"]) <= float(row["rate_high"]) <= 1
        for row in table_of(answer.stdout)
    )


@pytest.mark.parametrize(
    ("row", "line", "column", "reason"),
    [
        ("a,s,10,11", 2, "successes", "rank.more_successes"),
        ("a,s,-1,0", 2, "trials", "rank.not_whole"),
        ("a,s,10,NaN", 2, "successes", "rank.not_whole"),
        ("a,s,1e3,1", 2, "trials", "rank.not_whole"),
        ("a,s,10.5,1", 2, "trials", "rank.not_whole"),
        ("a,s,,1", 2, "trials", "rank.empty"),
        (",s,10,1", 2, "institution", "rank.empty"),
        ("a,,10,1\nb,t,10,1", 2, "stratum", "rank.stratum_empty"),
        ("a,s,10,1\na,s,20,2", 3, "institution", "rank.row_twice"),
        ("a,s,10", 2, "institution", "rank.row_length"),
        ("a,s,10,1,9", 2, "institution", "rank.row_length"),
        ("a,s,100000000000000000000,1", 2, "trials", "rank.too_large"),
    ],
)
def test_bad_rows_are_named(tmp_path: Path, row: str, line: int, column: str, reason: str) -> None:
    answer = ran(tmp_path, f"{HEADER}{row}\n", "--json")
    assert answer.exit_code == 1
    (fault,) = json.loads(answer.stdout)["refused"]
    assert (fault["line"], fault["column"], fault["reason"]) == (line, column, reason)
    assert f"第 {line} 行“{column}”列" in answer.stderr
    assert f"line {line}, column “{column}”" in answer.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "rank.no_rows"),
        (HEADER.encode(), "rank.no_rows"),
        (b"institution,trials\na,1\n", "rank.no_column"),
        (b"institution,trials,successes,trials\na,1,1,1\n", "rank.column_twice"),
        (HEADER.encode() + b"a\x00b,s,1,1\n", "rank.nul"),
        (HEADER.encode() + b"\xff\xff,s,1,1\n", "rank.encoding"),
        (HEADER.encode() + b'"a,s,1,1\n', "rank.unreadable"),
        (HEADER.encode() + b"a" * 200_000 + b",s,1,1\n", "rank.unreadable"),
        (
            HEADER.encode() + "".join(f"a,{n},1,1\n" for n in range(MOST_STRATA + 1)).encode(),
            "rank.too_many_strata",
        ),
    ],
)
def test_bad_files_are_refused_whole(tmp_path: Path, content: bytes, reason: str) -> None:
    answer = ran(tmp_path, content, "--json")
    assert answer.exit_code == 1
    assert [fault["reason"] for fault in json.loads(answer.stdout)["refused"]] == [reason]


def test_a_long_list_of_faults_is_cut_in_words_only(tmp_path: Path) -> None:
    rows = "".join(f"{n},s,1,2\n" for n in range(LISTED + 7))
    answer = ran(tmp_path, HEADER + rows, "--json")
    assert len(json.loads(answer.stdout)["refused"]) == LISTED + 7
    assert "7 more problems are not listed" in answer.stderr


def test_columns_not_used_are_named(tmp_path: Path) -> None:
    answer = ran(tmp_path, "institution,trials,successes,city\na,10,9,x\nb,10,2,y\n")
    assert answer.exit_code == 0
    assert "city" in answer.stderr


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    answer = ran(tmp_path, text_of(ROWS), "-o", str(tmp_path / "no" / "out.csv"))
    assert answer.exit_code == 1
    assert "out.csv" in answer.stderr


@pytest.mark.parametrize(
    "options",
    [["--level", "1"], ["--level", "nan"], ["--draws", "0"], ["--seed", "-1"], ["--unknown"]],
)
def test_wrong_calls_have_status_two(tmp_path: Path, options: list[str]) -> None:
    assert ran(tmp_path, text_of(ROWS), *options).exit_code == 2


def test_a_missing_file_is_a_wrong_call(tmp_path: Path) -> None:
    assert CliRunner().invoke(rank, [str(tmp_path / "none.csv")]).exit_code == 2
