"""`creditgate fmt`: files in canonical form, with everything else as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from creditgate.base.collector import Collector
from creditgate.base.spans import SourceFile
from creditgate.cli.fmt import canonical
from creditgate.cli.main import group
from creditgate.pipeline import shipped_rulebooks

SHIPPED = sorted(shipped_rulebooks().rglob("*.yaml"))
UNTIDY = """\
# yaml-language-server: $schema=schemas/rulebook.schema.json
chapter: {en: X, zh: 甲}~~~


# a comment~~~
rules:
  r:  # why
    when: order.action   in { margin_buy,short_sell }  # note
    require: >-
      order.quantity*2>=( lot+ 3 )~~~
        and (sum( p.quantity  for p in account.collateral
                 where p.x≠none )> -  5)
    due: fail.trade_date+( 3  settlement days )
    breach:
      en: "Priced at { order.price };  kept."
      zh: 价格{order.price}，保留。
tables:
  t:
    columns: {class: x, m: band of ratio}
    history:
      - rows: [{class: any, m: "below  180%", value: 50％}]
    note: |
      kept~~~


      as it is
""".replace("~", " ")
TIDY = """\
# yaml-language-server: $schema=schemas/chapter.schema.json
chapter: {en: X, zh: 甲}

# a comment
rules:
  r:  # why
    when: order.action in {margin_buy, short_sell}  # note
    require: >-
      order.quantity * 2 >= (lot + 3)
        and (sum(p.quantity for p in account.collateral
                 where p.x is not none) > -5)
    due: fail.trade_date + (3 settlement days)
    breach:
      en: "Priced at {order.price};  kept."
      zh: 价格{order.price}，保留。
tables:
  t:
    columns: {class: x, m: band of ratio}
    history:
      - rows: [{class: any, m: "below  180%", value: 50%}]
    note: |
      kept~~~


      as it is
""".replace("~", " ")


def run(*arguments: str) -> tuple[int, str]:
    """Run the command and return its status and what it printed."""
    result = CliRunner().invoke(group, ["fmt", *arguments], standalone_mode=False)
    assert result.exception is None, result.exception
    return int(result.return_value), result.output


def tidied(path: Path, text: str) -> str | None:
    """Return a text in canonical form."""
    return canonical(path, SourceFile(str(path), text), Collector())


def test_everything_untidy_is_put_right_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "chapter.yaml"
    path.write_text(UNTIDY, "utf-8")
    assert run(str(path)) == (0, f"changed: {path}\n1 changed, 0 unchanged\n")
    assert path.read_text("utf-8") == TIDY


def test_check_and_diff_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "chapter.yaml"
    path.write_text(UNTIDY, "utf-8")
    status, output = run(str(path), "--diff")
    assert status == 1
    assert "+    when: order.action in {margin_buy, short_sell}  # note" in output
    assert run(str(path), "--check")[0] == 1
    assert path.read_text("utf-8") == UNTIDY


def test_a_canonical_file_stays_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "chapter.yaml"
    path.write_text(TIDY, "utf-8")
    assert run(str(path), "--check") == (0, "0 would change, 1 unchanged\n")


def test_line_ends_of_other_systems_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "chapter.yaml"
    path.write_bytes(TIDY.replace("\n", "\r\n").encode())
    run(str(path))
    assert path.read_bytes() == TIDY.encode()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("chapter: {en: X, zh: 甲}\nrules:\n  r: {when: 'a == b'}\n", "CG3007"),
        ("chapter: {en: X, zh: 甲}\nrules: [", "CG1001"),
        ("something: else\n", "CG2003"),
        ("chapter: {en: X, zh: 甲}\nrules: {r: {when: a in ｛x，y｝}}\n", "CG3003"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "chapter.yaml"
    path.write_text(text, "utf-8")
    result = CliRunner().invoke(group, ["fmt", str(path)], standalone_mode=False)
    assert result.return_value == 2
    assert code in result.output
    assert path.read_text("utf-8") == text


def test_a_missing_target_is_bad_usage() -> None:
    result = CliRunner().invoke(group, ["fmt", "cn/ssee"], standalone_mode=False)
    assert "did you mean cn/sse?" in str(result.exception)


@pytest.mark.parametrize(
    "path", SHIPPED, ids=lambda path: path.relative_to(shipped_rulebooks()).as_posix()
)
def test_every_shipped_file_is_canonical(path: Path) -> None:
    text = path.read_text("utf-8")
    assert tidied(path, text) == text


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SHIPPED), st.randoms(use_true_random=False))
def test_untidied_shipped_files_come_back_as_they_were(path: Path, random: object) -> None:
    text = path.read_text("utf-8")
    lines = []
    for line in text.splitlines():
        is_block = line.endswith((">-", "|", ">"))
        lines.append(line + "  " * (not is_block and random.random() < 0.1))  # type: ignore[attr-defined]  # a Random
        if not line:
            lines.append("")
    untidy = "\n".join(lines) + "\n\n"
    again = tidied(path, untidy)
    assert again is not None
    assert tidied(path, again) == again
    assert comments(again) == comments(text)


def comments(text: str) -> list[str]:
    """Return the lines of a text that are comments."""
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]
