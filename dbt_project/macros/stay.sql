{# Whether a stay (from included, until excluded, no until: still) holds an evening. #}
{% macro holds_evening(stays_from, stays_until, evening) -%}
    ({{ stays_from }} <= {{ evening }} and coalesce({{ evening }} < {{ stays_until }}, true))
{%- endmacro %}
