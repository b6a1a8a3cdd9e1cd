"""The Vietnamese interface of Superset, which ships none.

Written in ``superset/translations/vi.yml``. The server reads a compiled catalogue below the home, the
browser a language pack (``front_end``). What is missing there shows in English.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from orchestration.home import Home
from orchestration.settings import PROJECT_ROOT

SOURCE = PROJECT_ROOT / "superset" / "translations" / "vi.yml"
TRANSLATIONS_DIRECTORY = "translations"
LOCALE = "vi"


@cache
def messages() -> dict[str, str]:
    """Vietnamese by English, as Superset writes it, placeholders included."""
    content: dict[str, str] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return content


def language_pack() -> dict[str, Any]:
    """The messages in Jed's format, which Superset's pages read. Vietnamese has one plural form."""
    return {
        "domain": "superset",
        "locale_data": {
            "superset": {
                "": {"domain": "superset", "lang": LOCALE, "plural_forms": "nplurals=1; plural=0;"},
                **{english: [vietnamese] for english, vietnamese in messages().items()},
            }
        },
    }


def compile_catalogue(home: Home) -> None:
    """Write the catalogue that the server side reads."""
    catalogue = Catalog(locale=LOCALE, domain="messages")
    for english, vietnamese in messages().items():
        catalogue.add(english, vietnamese)
    path = home.superset / TRANSLATIONS_DIRECTORY / LOCALE / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
