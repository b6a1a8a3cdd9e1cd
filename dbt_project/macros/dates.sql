{# Arithmetic of dates by dbt's own macros, with the type that we need: of a date and a number of days or months dbt
   makes a timestamp on DuckDB. What dbt has no macro for lies in `engine`. #}

{% macro add_days(day, count) -%}
    cast({{ dbt.dateadd('day', count, day) | trim }} as date)
{%- endmacro %}

{% macro add_months(day, count) -%}
    cast({{ dbt.dateadd('month', count, day) | trim }} as date)
{%- endmacro %}

{% macro add_seconds(at, count) -%}
    {{ dbt.dateadd('second', count, at) | trim }}
{%- endmacro %}

{# Calendar days from one date to another. #}
{% macro days_between(from_day, to_day) -%}
    cast({{ dbt.datediff(from_day, to_day, 'day') | trim }} as integer)
{%- endmacro %}

{# Whole seconds since 1970, read as if the wall clock were UTC. #}
{% macro epoch_seconds(at) -%}
    {{ dbt.datediff("cast('1970-01-01 00:00:00' as timestamp)", at, 'second') | trim }}
{%- endmacro %}

{# Whether a timestamp is a date written without its hour. #}
{% macro is_midnight(at) -%}
    {{ at }} = cast(cast({{ at }} as date) as timestamp)
{%- endmacro %}

{# Year and month, as in 2025-11. #}
{% macro year_month(day) -%}
    {{ formatted(day, "'%Y-%m'") }}
{%- endmacro %}

{# A query with one column `date`: every day of a closed range. #}
{% macro day_series(from_day, to_day) -%}
    select cast(spine.date_day as date) as date
    from ({{ dbt.date_spine('day', from_day, add_days(to_day, 1)) | trim }}) as spine
{%- endmacro %}

{# A query with one column `number`: every whole number of a closed range, which is known when the query is written. #}
{% macro number_series(from_number, to_number) -%}
    select numbers.number
    from (values {% for number in range(from_number, to_number + 1) %}({{ number }}){{ ', ' if not loop.last }}{% endfor %})
        as numbers (number)
{%- endmacro %}
