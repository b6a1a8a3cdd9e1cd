{# Working time: differences of running numbers on the calendar, found by equi-joins.
   A range join over the calendar costs hundreds of times as much. #}

{# A date moved to the nearest edge of the calendar, so that an absurd date still finds its row. #}
{% macro within_calendar(day) -%}
    least(greatest({{ day }}, cast('{{ var("calendar_from") }}' as date)), cast('{{ var("calendar_to") }}' as date))
{%- endmacro %}

{# Working minutes from the calendar's start to a timestamp; `calendar` is the alias of its day's row. #}
{% macro working_minutes_until(at, calendar) -%}
    {%- set minute = "(extract(hour from " ~ at ~ ") * 60 + extract(minute from " ~ at ~ "))" -%}
    {{ calendar }}.working_minutes_before + case
        when {{ calendar }}.is_working_day
            then
                greatest(0, least({{ minute }}, {{ calendar }}.morning_to_minute) - {{ calendar }}.morning_from_minute)
                + greatest(
                    0, least({{ minute }}, {{ calendar }}.afternoon_to_minute) - {{ calendar }}.afternoon_from_minute
                )
        else 0
    end
{%- endmacro %}
