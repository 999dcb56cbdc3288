"""What is wrong with CSV tables is said by table and line, with the next step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.good_tables import TABLES

from creditgate.base.render import render_text
from creditgate.cli.case_files import CaseFiles, CaseInput
from creditgate.pipeline import catalogue

Read = Callable[..., list[CaseInput]]
HEADER = TABLES["order.csv"].partition("\n")[0]
VOCABULARY = catalogue().vocabulary()


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads the tables with some replaced; None leaves one out."""

    def cases(**replaced: str | None) -> list[CaseInput]:
        names = {f"{name}.csv": text for name, text in replaced.items()}
        for name, text in {**TABLES, **names}.items():
            if text is not None:
                (tmp_path / name).write_text(text, "utf-8")
        return list(CaseFiles((str(tmp_path),), VOCABULARY))

    return cases


def told(cases: list[CaseInput]) -> str:
    """Return all that is said about the tables."""
    return render_text(found for case in cases for found in case.diagnostics)


def test_good_tables_are_not_complained_of(read: Read) -> None:
    assert told(read()) == ""


@pytest.mark.parametrize(
    ("replaced", "place", "words"),
    [
        ({"financing_contract": "account,id,security\nA9,F1,600000\n", "rollover": None},
         "financing_contract.csv:2", "there is no account `A9`"),
        ({"financing_contract": "account,id,security\n,F1,600000\n", "rollover": None},
         "financing_contract.csv:2", "the row must name one owner: account"),
        ({"financing_contract": "account,id,security\nA2,,600000\n", "rollover": None},
         "financing_contract.csv:2", "the row has no `id`"),
        ({"financing_contract": "account,id,security\nA2,F1,1\nA2,F1,2\n", "rollover": None},
         "financing_contract.csv:3", "two rows have the `id` F1"),
        ({"financing_contract": "account,id,security\nA2,F1\n", "rollover": None},
         "financing_contract.csv:2", "the line has 2 cells"),
    ],
    ids=["an owner that is not there", "no owner", "no key", "a key twice", "too few cells"],
)  # fmt: skip
def test_a_list_of_which_a_row_is_lost_is_not_known(
    read: Read, replaced: dict[str, str], place: str, words: str
) -> None:
    cases = read(**replaced, claims=None)
    assert place in told(cases)
    assert words in told(cases)
    documents = [case.data for case in cases if case.is_case]
    assert len(documents) == 3
    for document in documents:
        assert isinstance(document, dict)
        assert "financing_contracts" not in document["account"]
        assert "collateral" in document["account"]


@pytest.mark.parametrize(
    ("replaced", "words"),
    [
        ({"order": TABLES["order.csv"].replace("quantity", "quantitty")},
         "did you mean `quantity`?"),
        ({"order": TABLES["order.csv"].replace("account", "broker")},
         "order has no such fact as `broker`"),
        ({"account": None}, "there is no `account.csv` in the folder to join it with"),
        ({"order": TABLES["order.csv"].replace("id,account", "id,id")},
         "the column `id` stands twice"),
        ({"order": TABLES["order.csv"].replace("id,account,action", "id,account,")},
         "a column has no name"),
        ({"account": "client,cash\nC1,1.00\n"}, "the column `id` is missing"),
        ({"position": "list,security,quantity\ncollateral,600000,1\n"},
         "no column says whose rows these are"),
        ({"account": "id,client,collateral\nA1,C1,none\n"},
         "its rows stand in `position.csv`, with a column `account`"),
        ({"position": "account,list,security,quantity\nA1,colateral,600000,1\n"},
         "say in the column `list` which it is: collateral, long_positions"),
        ({"client": "id,account\nC1,A1\n"}, "`account.csv` names the row; `account` would name it again"),
        ({"claims": "order,claim\n1,bona_fide_market_making\n"}, "the column `by` is missing"),
        ({"ordre": "id\n1\n"}, "did you mean `order.csv`?"),
        ({"security": "id\n1\n"}, "holds the same entity"),
        ({"order": ""}, "the table has no header line"),
        ({"order": HEADER}, "there is no row below the header"),
        ({"order": None, "account": None, "client": None, "position": None},
         "no table says what is to be decided"),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_said_with_the_next_step(
    read: Read, replaced: dict[str, str | None], words: str
) -> None:
    cases = read(**{"claims": None, "rollover": None, "financing_contract": None, **replaced})
    assert words in told(cases)
