{# Dates where engines differ and dbt has no macro of its own. `default__` is Spark. #}

{# A date or timestamp as text, by a pattern (a literal) of %d, %m, %Y, %H and %M. #}
{% macro formatted(at, pattern) -%}
    {{ return(adapter.dispatch('formatted', 'motcua')(at, pattern)) }}
{%- endmacro %}

{% macro default__formatted(at, pattern) -%}
    date_format({{ at }}, {{ pattern
        | replace("%d", "dd") | replace("%m", "MM") | replace("%Y", "yyyy") | replace("%H", "HH") | replace("%M", "mm")
    }})
{%- endmacro %}

{% macro duckdb__formatted(at, pattern) -%}
    strftime({{ at }}, {{ pattern }})
{%- endmacro %}

{# ISO year and week, as in 2025-W48. #}
{% macro iso_week(day) -%}
    {{ return(adapter.dispatch('iso_week', 'motcua')(day)) }}
{%- endmacro %}

{% macro default__iso_week(day) -%}
    concat(extract(yearofweek from {{ day }}), '-W', lpad(weekofyear({{ day }}), 2, '0'))
{%- endmacro %}

{% macro duckdb__iso_week(day) -%}
    strftime({{ day }}, '%G-W%V')
{%- endmacro %}

{# Monday 1 to Sunday 7. #}
{% macro iso_weekday(day) -%}
    {{ return(adapter.dispatch('iso_weekday', 'motcua')(day)) }}
{%- endmacro %}

{% macro default__iso_weekday(day) -%}
    weekday({{ day }}) + 1
{%- endmacro %}

{% macro duckdb__iso_weekday(day) -%}
    isodow({{ day }})
{%- endmacro %}

{# A set-returning expression for the list of a select: every day from one date to another, which is excluded. #}
{% macro each_day(from_day, until_day) -%}
    {{ return(adapter.dispatch('each_day', 'motcua')(from_day, until_day)) }}
{%- endmacro %}

{% macro default__each_day(from_day, until_day) -%}
    explode(case
        when {{ from_day }} < {{ until_day }}
            then sequence({{ from_day }}, date_sub({{ until_day }}, 1), interval 1 day)
        else array()
    end)
{%- endmacro %}

{% macro duckdb__each_day(from_day, until_day) -%}
    cast(unnest(range(
        cast({{ from_day }} as timestamp), cast({{ until_day }} as timestamp), interval 1 day
    )) as date)
{%- endmacro %}
