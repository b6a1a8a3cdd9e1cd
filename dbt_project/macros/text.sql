{# Texts for readers. #}

{# With one decimal, or none where there is nothing behind the comma. #}
{% macro vietnamese_short(value) -%}
    case
        when {{ value }} = round({{ value }}, 0) then {{ vietnamese_number(value, 0) }}
        else {{ vietnamese_number(value, 1) }}
    end
{%- endmacro %}

{# An aggregate: the texts that are not null, one after the other in the order of a column. #}
{% macro listed(text, order_by) -%}
    {{ dbt.listagg(text, "', '", 'order by ' ~ order_by) | trim }}
{%- endmacro %}

{# A moment as Vietnamese readers write it, 16:30 ngày 05/12/2025. #}
{% macro vietnamese_moment(at) -%}
    {{ formatted(at, "'%H:%M'") }} || ' ngày ' || {{ formatted(at, "'%d/%m/%Y'") }}
{%- endmacro %}
