{# How a query ends with a sentence of ours. `default__` is Spark. #}

{% macro stop_with(sentence) -%}
    {{ return(adapter.dispatch('stop_with', 'motcua')(sentence)) }}
{%- endmacro %}

{% macro default__stop_with(sentence) -%}
    raise_error({{ sentence }})
{%- endmacro %}

{% macro duckdb__stop_with(sentence) -%}
    error({{ sentence }})
{%- endmacro %}
