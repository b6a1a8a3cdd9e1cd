"""The guide speaks of what is there: its pictures, and where the answers to the ten questions stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration.dashboards.source import load_dashboards
from orchestration.settings import PROJECT_ROOT
from tests.dashboards.guide_pictures import PICTURES

GUIDE = PROJECT_ROOT / "docs" / "huong-dan"
PAGES = sorted(GUIDE.glob("*.md"))
QUESTIONS = re.findall(
    r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$",
    (GUIDE / "muoi-cau-hoi.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def test_there_are_ten_questions() -> None:
    assert [int(number) for number, *_ in QUESTIONS] == list(range(1, 11))


@pytest.mark.parametrize(("number", "question", "dashboard", "chart"), QUESTIONS)
def test_the_answer_stands_where_the_guide_says(
    number: str, question: str, dashboard: str, chart: str
) -> None:
    titles = {board.title: {drawn.title for drawn in board.charts} for board in load_dashboards()}
    assert chart.strip() in titles[dashboard.strip()], (number, question)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_of_the_guide_points_to_is_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (GUIDE / target).exists()] == []


def test_every_picture_is_drawn_by_the_command() -> None:
    shown = {
        name for page in PAGES for name in re.findall(r"\(anh/([^)]+)\)", page.read_text(encoding="utf-8"))
    }
    assert shown == {picture.file_name for picture in PICTURES}
