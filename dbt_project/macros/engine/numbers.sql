{# Numbers as text where engines differ. `default__` is Spark. #}

{# A number as Vietnamese readers write it, 1.234,50 for two decimals. #}
{% macro vietnamese_number(value, decimals) -%}
    {{ return(adapter.dispatch('vietnamese_number', 'motcua')(value, decimals)) }}
{%- endmacro %}

{% macro default__vietnamese_number(value, decimals) -%}
    translate(format_number({{ value }}, {{ decimals }}), ',.', '.,')
{%- endmacro %}

{% macro duckdb__vietnamese_number(value, decimals) -%}
    translate(format('{:,.' || {{ decimals }} || 'f}', cast({{ value }} as double)), ',.', '.,')
{%- endmacro %}
