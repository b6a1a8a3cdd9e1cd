"""Every colour of the dashboards, by name: sources, style sheets and Superset's theme say names only.

After Okabe and Ito's palette for colour-blind readers, darkened where it stands for text, so that no reader
must tell red from green. A light is never its colour alone: it comes with a symbol and a word, which dbt
writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

COLOURS: dict[str, str] = {
    "blue": "#0B5CAD",
    "orange": "#D55E00",
    "green": "#00795C",
    "purple": "#8A5A9E",
    "amber": "#E69F00",
    "sky": "#56B4E9",
    "slate": "#7F8C99",
    "azure": "#3D85C6",
    "pale-blue": "#9CC3E6",
    "ochre": "#B97A00",
    "straw": "#F0C75E",
    "rust": "#9C2F00",
    "ink": "#1F2933",
    "quiet": "#52606D",
    "line": "#E1E7EC",
    "paper": "#FFFFFF",
}

# Series without a meaning of their own, in the order in which charts take them.
CATEGORICAL: tuple[str, ...] = tuple(
    COLOURS[name] for name in ("blue", "orange", "green", "purple", "amber", "sky", "slate")
)


@dataclass(frozen=True)
class Light:
    """How one light is drawn: ``fill`` behind text, ``ink`` for the text or symbol itself."""

    fill: str
    ink: str


LIGHTS: dict[str, Light] = {
    "green": Light(fill="#D3EEE3", ink="#00664B"),
    "yellow": Light(fill="#FBE7B2", ink="#7A5200"),
    "red": Light(fill="#F9D3C3", ink=COLOURS["rust"]),
    "grey": Light(fill="#EDF0F3", ink="#55606B"),
}


def _known(name: str) -> str:
    if name not in COLOURS:
        raise ValueError(f"màu {name} không có trong bảng màu: {', '.join(COLOURS)}")
    return name


ColourName = Annotated[str, AfterValidator(_known)]
"""A key of ``COLOURS``."""


def css_variables() -> str:
    """Colours (``--mc-<name>``), lights (``--<light>-fill``, ``--<light>-ink``) as CSS custom properties."""
    colours = [f"  --mc-{name}: {colour};" for name, colour in COLOURS.items()]
    lights = [
        f"  --{name}-fill: {light.fill}; --{name}-ink: {light.ink};" for name, light in sorted(LIGHTS.items())
    ]
    return "\n".join((":root {", *colours, *lights, "}"))
