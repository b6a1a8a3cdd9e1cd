{# Lines so small that they need no axis, drawn by pages in a box of 100 x 30, with 2 units of air above and below. #}

{# One point, "x,y", of the `place`-th (from 1) of so many `places`; a steady value lies in the middle. #}
{% macro sparkline_point(place, places, value, low, high) -%}
    cast(cast(100.0 * ({{ place }} - 1) / greatest({{ places }} - 1, 1) as decimal(9, 1)) as varchar) || ','
    || cast(
        cast(
            case
                when {{ high }} = {{ low }} then 15
                else 28 - 26.0 * ({{ value }} - ({{ low }})) / ({{ high }} - ({{ low }}))
            end as decimal(9, 1)
        ) as varchar
    )
{%- endmacro %}
