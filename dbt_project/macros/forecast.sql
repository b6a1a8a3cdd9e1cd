{# How weeks are counted and days put into classes, and how errors of forecasts compare. #}

{# Days that are alike: working days by weekday (1 to 5), make-up days at the weekend (6), days off (0). #}
{% macro day_class(day) -%}
    case when {{ day }}.is_working_day then least({{ iso_weekday(day ~ '.date') }}, 6) else 0 end
{%- endmacro %}

{# Whole weeks since a Monday, so that weeks can be counted on. #}
{% macro week_number(week_start) -%}
    cast({{ days_between("cast('2010-01-04' as date)", week_start) }} / 7 as integer)
{%- endmacro %}

{# How an error grows with the amount and how far ahead it lies: counts spread by their root, and a stock wanders with
   every working day. #}
{% macro forecast_scale(measure, expected, working_days_ahead) -%}
    sqrt(greatest({{ expected }}, 1) * case {{ measure }} when 'overdue' then greatest({{ working_days_ahead }}, 1) else 1 end)
{%- endmacro %}

{# How many usual errors the interval reaches to either side: those of the normal distribution, widened as Student's is
   where the error is known from few weeks. #}
{% macro interval_sigmas(weeks) -%}
    {%- set sigmas = var('forecast')['interval_sigmas'] | float -%}
    {{ sigmas }} * (1 + {{ (sigmas * sigmas + 1) / 4 }} / {{ weeks }})
{%- endmacro %}

{# Who is forecast, for people; communes have their own table. Branches go by the name that exports give them. #}
{% macro forecast_unit_name(row, field_name) -%}
    case {{ row }}.unit_type
        when 'province' then 'Toàn tỉnh'
        when 'field' then coalesce({{ field_name }}, {{ row }}.unit_code)
        else {{ row }}.unit_code
    end
{%- endmacro %}
