-- Weeks of the history up to the day of the data, with the working time that has passed in them.
select
    calendar.week_start,
    sum(case when calendar.is_working_day then 1 else 0 end) as working_days,
    min(calendar.working_minutes_before) as first_minute,
    max(calendar.working_minutes_before + calendar.working_minutes) as last_minute
from {{ ref('int_calendar') }} as calendar
cross join {{ ref('int_history_span') }} as span
where
    calendar.date <= span.last_day
    and calendar.week_start >= date_trunc('week', span.first_day)
group by calendar.week_start
