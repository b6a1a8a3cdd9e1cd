{# Date arithmetic where engines differ, dispatched, so that models stay portable. #}

{% macro add_days(day, count) -%}
    {{ return(adapter.dispatch('add_days', 'motcua')(day, count)) }}
{%- endmacro %}

{% macro default__add_days(day, count) -%}
    date_add({{ day }}, {{ count }})
{%- endmacro %}

{% macro duckdb__add_days(day, count) -%}
    ({{ day }} + ({{ count }}))
{%- endmacro %}

{% macro add_months(day, count) -%}
    {{ return(adapter.dispatch('add_months', 'motcua')(day, count)) }}
{%- endmacro %}

{% macro default__add_months(day, count) -%}
    add_months({{ day }}, {{ count }})
{%- endmacro %}

{% macro duckdb__add_months(day, count) -%}
    cast({{ day }} + to_months({{ count }}) as date)
{%- endmacro %}

{# Calendar days from one date to another. #}
{% macro days_between(from_day, to_day) -%}
    {{ return(adapter.dispatch('days_between', 'motcua')(from_day, to_day)) }}
{%- endmacro %}

{% macro default__days_between(from_day, to_day) -%}
    datediff({{ to_day }}, {{ from_day }})
{%- endmacro %}

{% macro duckdb__days_between(from_day, to_day) -%}
    cast({{ to_day }} - {{ from_day }} as integer)
{%- endmacro %}

{% macro add_seconds(at, count) -%}
    {{ return(adapter.dispatch('add_seconds', 'motcua')(at, count)) }}
{%- endmacro %}

{% macro default__add_seconds(at, count) -%}
    timestampadd(second, {{ count }}, {{ at }})
{%- endmacro %}

{% macro duckdb__add_seconds(at, count) -%}
    ({{ at }} + to_seconds({{ count }}))
{%- endmacro %}

{# Whole seconds since 1970, read as if the wall clock were UTC. #}
{% macro epoch_seconds(at) -%}
    {{ return(adapter.dispatch('epoch_seconds', 'motcua')(at)) }}
{%- endmacro %}

{% macro default__epoch_seconds(at) -%}
    unix_timestamp({{ at }})
{%- endmacro %}

{% macro duckdb__epoch_seconds(at) -%}
    cast(epoch({{ at }}) as bigint)
{%- endmacro %}

{# Day and month as Vietnamese readers write them, 17/11. #}
{% macro day_month(day) -%}
    {{ return(adapter.dispatch('day_month', 'motcua')(day)) }}
{%- endmacro %}

{% macro default__day_month(day) -%}
    date_format({{ day }}, 'dd/MM')
{%- endmacro %}

{% macro duckdb__day_month(day) -%}
    strftime({{ day }}, '%d/%m')
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

{# Year and month, as in 2025-11. #}
{% macro year_month(day) -%}
    {{ return(adapter.dispatch('year_month', 'motcua')(day)) }}
{%- endmacro %}

{% macro default__year_month(day) -%}
    date_format({{ day }}, 'yyyy-MM')
{%- endmacro %}

{% macro duckdb__year_month(day) -%}
    strftime({{ day }}, '%Y-%m')
{%- endmacro %}

{# A query with one column `date`: every day of a closed range. #}
{% macro day_series(from_day, to_day) -%}
    {{ return(adapter.dispatch('day_series', 'motcua')(from_day, to_day)) }}
{%- endmacro %}

{% macro default__day_series(from_day, to_day) -%}
    select explode(sequence({{ from_day }}, {{ to_day }}, interval 1 day)) as date
{%- endmacro %}

{% macro duckdb__day_series(from_day, to_day) -%}
    select cast(days.day as date) as date
    from generate_series({{ from_day }}, {{ to_day }}, interval 1 day) as days (day)
{%- endmacro %}

{# A query with one column `number`: every whole number of a closed range. #}
{% macro number_series(from_number, to_number) -%}
    {{ return(adapter.dispatch('number_series', 'motcua')(from_number, to_number)) }}
{%- endmacro %}

{% macro default__number_series(from_number, to_number) -%}
    select explode(sequence({{ from_number }}, {{ to_number }})) as number
{%- endmacro %}

{% macro duckdb__number_series(from_number, to_number) -%}
    select numbers.number
    from generate_series({{ from_number }}, {{ to_number }}) as numbers (number)
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
