"""The Handlebars templates of the kinds of charts that we draw as HTML: cards, matrix, map.

Their look is in ``superset/dashboards/common.css``. Superset's sanitiser drops tags and attributes that
``superset_config.py`` does not name.
"""

from __future__ import annotations

from orchestration.dashboards.chart_source import CardsChart, MapChart, MatrixChart
from orchestration.dashboards.links import href

NOTHING = '<div class="mc-part mc-nothing">Chưa có số liệu cho lựa chọn này.</div>'
LEGEND = (
    '<div class="mc-legend">'
    '<span class="mc-chip mc-green">● Xanh</span><span class="mc-chip mc-yellow">▲ Vàng</span>'
    '<span class="mc-chip mc-red">■ Đỏ</span><span class="mc-chip mc-grey">– Chưa xếp màu</span></div>'
)


def cards_template(chart: CardsChart) -> str:
    """A card per row, side by side."""
    word = _field(chart.word)
    foot = "".join(f"<span>{_field(column)}</span>" for column in (chart.period, chart.change) if column)
    parts = (
        _tag("div", "mc-card-title", _field(chart.label), title=chart.definition),
        _tag("div", "mc-card-value", _field(chart.value)),
        _tag("div", "mc-card-light", _chip(chart.light, word) if chart.light else word),
        _tag("div", "mc-card-detail", _field(chart.detail)),
        _sparkline(chart.points),
        _tag("div", "mc-card-foot", foot),
    )
    card = _linked(chart.link, "".join(parts), css="mc-card") or _tag("div", "mc-card", "".join(parts))
    return _unless_empty(_tag("div", "mc-part mc-deck", _each("data", card)))


def matrix_template(chart: MatrixChart) -> str:
    """A table whose head stays in sight; each cell holds symbol and value on the colour of its light."""
    name = _field(chart.row)
    cell = f"<span>{_field('symbol')}</span> {_field('value')}"
    head = _each(f"(parseJson {chart.heads})", _tag("th", "", _field("label"), title="title"))
    cells = _each(
        f"(parseJson {chart.cells})",
        _tag("td", f"mc-{_field('light')}", _linked(chart.link, cell, "../") or cell, title="title"),
    )
    detail = _tag("div", "mc-small", _field(chart.detail))
    row = f'<tr><th scope="row">{_linked(chart.link, name) or name}{detail}</th>{cells}</tr>'
    heads = "{{#with data.[0]}}" + f"<tr><th>{chart.row_label}</th>{head}</tr>" + "{{/with}}"
    table = f"<table><thead>{heads}</thead><tbody>{_each('data', row)}</tbody></table>"
    return _unless_empty(_tag("div", "mc-part mc-matrix", LEGEND + table))


def map_template(chart: MapChart) -> str:
    """Shapes and their symbols in one SVG."""
    light = f"mc-{_field(chart.light)}"
    shape = (
        f'<path class="{light}" d="{_field(chart.path)}"><title>{_field(chart.words)}</title></path>'
        f'<text class="{light}" x="{_field(chart.x)}" y="{_field(chart.y)}">{_field(chart.symbol)}</text>'
    )
    drawn = _each("data", _linked(chart.link, shape) or shape)
    picture = f'<svg viewBox="0 0 1000 1000" role="img">{drawn}</svg>'
    return _unless_empty(_tag("div", "mc-part mc-map", LEGEND + picture))


def _field(column: str | None) -> str:
    """The value of a column, escaped by Handlebars; nothing for no column."""
    return "{{" + column + "}}" if column else ""


def _each(items: str, body: str) -> str:
    return "{{#each " + items + "}}" + body + "{{/each}}"


def _unless_empty(body: str) -> str:
    return "{{#if data.length}}" + body + "{{else}}" + NOTHING + "{{/if}}"


def _tag(name: str, css: str, content: str, *, title: str | None = None) -> str:
    """An element, or nothing without content; ``title`` names the column that is read beside the pointer."""
    if not content:
        return ""
    attributes = f' class="{css}"' * bool(css) + f' title="{_field(title)}"' * bool(title)
    return f"<{name}{attributes}>{content}</{name}>"


def _chip(light: str, word: str) -> str:
    return _tag("span", f"mc-chip mc-{_field(light)}", word)


def _linked(link: str | None, content: str, prefix: str = "", css: str = "mc-link") -> str:
    """``content`` as a way to ``link``, or nothing without one."""
    return f'<a class="{css}" href="{href(link, prefix)}">{content}</a>' if link else ""


def _sparkline(points: str | None) -> str:
    if points is None:
        return ""
    line = f'<polyline points="{_field(points)}"></polyline>'
    return f'<svg class="mc-spark" viewBox="0 0 100 30" preserveAspectRatio="none" role="img">{line}</svg>'
