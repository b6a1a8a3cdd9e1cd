"""The pictures of docs/huong-dan: ``python -m tests.dashboards.guide_pictures``.

Draws a sample province of six weeks up to today, or what the given ``--home`` holds (it is copied), as the
people see it whom the guide is for. Takes some three minutes; the pictures change only when somebody runs it.
"""

from __future__ import annotations

import argparse
import io
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from PIL import Image

from orchestration.access.users import users_file
from orchestration.clock import local_now
from orchestration.dashboards.source import load_dashboards
from orchestration.resources import Steps
from orchestration.settings import PROJECT_ROOT, Settings
from tests.benchmark.scratch import scratch_home, tell
from tests.benchmark.steps import build_all, land_everything, make
from tests.dashboards.browser import visit
from tests.dashboards.installation import USERS, Installation, prepare, serve

DIRECTORY = PROJECT_ROOT / "docs" / "huong-dan" / "anh"
SPAN = timedelta(days=42)
WIDTH, HEIGHT = 1366, 768
# With fewer, the small signs of the lights take the colour of the text beside them; half the size of all.
COLOURS = 224


@dataclass(frozen=True)
class Picture:
    """A dashboard as one person sees it, on one of its tabs."""

    username: str
    slug: str
    tab: str | None = None

    @property
    def file_name(self) -> str:
        """What the guide calls it."""
        return f"{self.slug}{f'-{self.tab}' if self.tab else ''}.png"


PICTURES = (
    Picture("lanh.dao", "tong-quan-tuan"),
    Picture("lanh.dao", "den-tin-hieu"),
    Picture("lanh.dao", "diem-766"),
    Picture("trung.tam", "du-lieu-gui-ve"),
    Picture("trung.tam", "xa-phuong", "ho-so"),
    Picture("trung.tam", "suc-khoe-he-thong"),
    Picture("xa.mot", "xa-phuong"),
)


def main() -> None:
    """Make the province if there is none, serve it and take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.dashboards.guide_pictures")
    parser.add_argument("--home", type=Path, help="a home with a landed province")
    parser.add_argument("--as-of", type=date.fromisoformat, default=local_now().date())
    options = parser.parse_args()
    given: Path | None = options.home
    with scratch_home() as root:
        home = root / "home"
        if given is not None:
            shutil.copytree(given, home, symlinks=True)
            shutil.rmtree(home / "superset", ignore_errors=True)
        settings = prepare(home)
        settings.paths.prepare()
        if given is None:
            land(settings, options.as_of)
        users_file(settings).write_text(USERS, encoding="utf-8")
        tell("build")
        build_all(settings, options.as_of)
        Steps().publish(settings)
        tell("Superset")
        with serve(settings) as installation:
            take_all(installation)


def land(settings: Settings, last: date) -> None:
    """A sample province in the lake."""
    tell("sample")
    make(settings, last - SPAN, last)
    tell("landing")
    land_everything(settings, last)


def take_all(installation: Installation) -> None:
    """Take every picture into the guide's folder."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    boards = {dashboard.slug: dashboard for dashboard in load_dashboards()}
    for picture in PICTURES:
        tell(picture.file_name)
        board = boards[picture.slug]
        with visit(installation, WIDTH, HEIGHT, username=picture.username) as visitor:
            visitor.open(board)
            for tab in board.tabs:
                if tab.name == picture.tab:
                    visitor.open_tab(board, tab)
                    visitor.page.mouse.wheel(0, HEIGHT // 2)
                    visitor.page.wait_for_timeout(1_000)
            shot = Image.open(io.BytesIO(visitor.page.screenshot()))
        shot.convert("RGB").quantize(COLOURS).save(DIRECTORY / picture.file_name, optimize=True)


if __name__ == "__main__":
    main()
