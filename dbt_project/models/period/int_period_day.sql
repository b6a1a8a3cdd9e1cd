{{ config(materialized='table') }}

-- Which periods a day belongs to: one row per day and period type.
{%- set starts = {
    'day': 'calendar.date',
    'week': 'calendar.week_start',
    'month': 'calendar.month_start',
    'report_month': 'calendar.report_month_start',
    'quarter': 'calendar.quarter_start',
    'year': 'calendar.year_start',
    'to_date': 'span.first_day',
} %}

{% for period_type, starts_on in starts.items() -%}
select
    '{{ period_type }}' as period_type,
    {{ starts_on }} as period_start,
    calendar.date,
    calendar.is_working_day,
    span.last_day
from {{ ref('int_calendar') }} as calendar
cross join {{ ref('int_history_span') }} as span
inner join {{ ref('period_type') }} as kept on kept.period_type = '{{ period_type }}'
where
    calendar.date between span.first_day and span.last_day
    and calendar.date > {{ add_days('span.last_day', '-kept.history_days') }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
