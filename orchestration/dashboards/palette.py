"""The colours of the dashboards, chosen so that no reader must tell red from green.

After Okabe and Ito's palette for colour-blind readers, darkened where it stands for text. A light is
never its colour alone: it comes with a symbol and a word, which dbt writes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Light:
    """How one light is drawn: ``fill`` behind text, ``ink`` for the text or symbol itself."""

    fill: str
    ink: str


LIGHTS: dict[str, Light] = {
    "green": Light(fill="#D3EEE3", ink="#00664B"),
    "yellow": Light(fill="#FBE7B2", ink="#7A5200"),
    "red": Light(fill="#F9D3C3", ink="#9C2F00"),
    "grey": Light(fill="#EDF0F3", ink="#55606B"),
}

# Series without a meaning of their own, in the order in which charts take them.
CATEGORICAL: tuple[str, ...] = (
    "#0B5CAD",
    "#D55E00",
    "#00795C",
    "#8A5A9E",
    "#E69F00",
    "#56B4E9",
    "#7F8C99",
)


def css_variables() -> str:
    """The lights as CSS custom properties, so that style sheets repeat no colour."""
    lines = [
        f"  --{name}-fill: {light.fill}; --{name}-ink: {light.ink};" for name, light in sorted(LIGHTS.items())
    ]
    return "\n".join((":root {", *lines, "}"))
