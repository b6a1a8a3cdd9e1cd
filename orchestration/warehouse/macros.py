"""The project's macros run without dbt: what they say as data (guides), and models' SQL for small releases.

Not here: anything that asks a database. Other models are compiled by dbt itself (``compiled``).
"""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml
from jinja2 import Environment, nodes

from orchestration.settings import PROJECT_ROOT

PROJECT = PROJECT_ROOT / "dbt_project"
_ENGINE = "duckdb"
# What dbt's own macros say on DuckDB, as the linter is told, too.
_DBT = PROJECT / "lint" / "dbt.py"


class ProjectMacros:
    """Every macro of the project as a function of Python, as dbt would run it on DuckDB."""

    def __init__(self, variables: Mapping[str, Any] | None = None, project: Path = PROJECT) -> None:
        """Read the macros below ``project``; ``variables`` (such as ``now``) come before its own."""
        settings = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
        self._variables = {**settings["vars"], **(variables or {})}
        self._returned: list[list[Any]] = []
        self._environment = Environment(extensions=["jinja2.ext.do"])  # noqa: S701 - SQL, not HTML
        self._known = cast("dict[str, Any]", self._environment.globals)
        self._known.update(
            {
                "adapter": {"dispatch": self._dispatch},
                "config": lambda **_: "",
                "dbt": runpy.run_path(str(_DBT)),
                "env_var": lambda _, default="": default,
                "ref": lambda name: f"marts.{name}",
                "return": self._return,
                "var": lambda name, default=None: self._variables.get(name, default),
            }
        )
        for path in sorted((project / "macros").rglob("*.sql")):
            for node in self._environment.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, nodes.Macro):
                    self._known[node.name] = self._function(node)

    def value(self, macro: str, *arguments: Any) -> Any:
        """What ``macro`` returns, or the text that it writes."""
        return self._known[macro](*arguments)

    def sql(self, model: Path) -> str:
        """The SQL of a model that reads published tables alone."""
        return self._environment.from_string(model.read_text(encoding="utf-8")).render()

    def _function(self, macro: nodes.Macro) -> Any:
        """One macro in a template of its own, so that it calls others as these functions too."""
        template = self._environment.from_string(nodes.Template([macro], lineno=1))

        def call(*arguments: Any, **named: Any) -> Any:
            self._returned.append([])
            text = getattr(template.module, macro.name)(*arguments, **named)
            returned = self._returned.pop()
            return returned[0] if returned else text

        return call

    def _return(self, value: Any) -> str:
        self._returned[-1].append(value)
        return ""

    def _dispatch(self, name: str, _package: str) -> Any:
        return self._known.get(f"{_ENGINE}__{name}") or self._known[f"default__{name}"]
