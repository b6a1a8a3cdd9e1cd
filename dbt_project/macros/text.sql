{# Texts for readers, where engines differ; dispatched, so that models stay portable. #}

{# A number as Vietnamese readers write it, 1.234,50 for two decimals. #}
{% macro vietnamese_number(value, decimals) -%}
    {{ return(adapter.dispatch('vietnamese_number', 'motcua')(value, decimals)) }}
{%- endmacro %}

{% macro default__vietnamese_number(value, decimals) -%}
    translate(format_number({{ value }}, {{ decimals }}), ',.', '.,')
{%- endmacro %}

{% macro duckdb__vietnamese_number(value, decimals) -%}
    translate(format('{:,.{{ decimals }}f}', cast({{ value }} as double)), ',.', '.,')
{%- endmacro %}

{# With one decimal, or none where there is nothing behind the comma. #}
{% macro vietnamese_short(value) -%}
    case
        when {{ value }} = round({{ value }}, 0) then {{ vietnamese_number(value, 0) }}
        else {{ vietnamese_number(value, 1) }}
    end
{%- endmacro %}

{# An aggregate: the texts that are not null, one after the other in the order of a column. #}
{% macro listed(text, order_by) -%}
    {{ return(adapter.dispatch('listed', 'motcua')(text, order_by)) }}
{%- endmacro %}

{% macro default__listed(text, order_by) -%}
    listagg({{ text }}, ', ') within group (order by {{ order_by }})
{%- endmacro %}

{% macro duckdb__listed(text, order_by) -%}
    string_agg({{ text }}, ', ' order by {{ order_by }})
{%- endmacro %}

{# A moment as Vietnamese readers write it, 16:30 ngày 05/12/2025. #}
{% macro vietnamese_moment(at) -%}
    {{ return(adapter.dispatch('vietnamese_moment', 'motcua')(at)) }}
{%- endmacro %}

{% macro default__vietnamese_moment(at) -%}
    date_format({{ at }}, "HH:mm 'ngày' dd/MM/yyyy")
{%- endmacro %}

{% macro duckdb__vietnamese_moment(at) -%}
    strftime({{ at }}, '%H:%M ngày %d/%m/%Y')
{%- endmacro %}
