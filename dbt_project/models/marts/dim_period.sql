with named as (
    select
        period.period_type,
        kept.period_type_name,
        period.period_start,
        period.period_end,
        period.previous_start,
        {{ year_month('period.period_start') }} as month_text,
        {{ year_month('period.period_end') }} as end_month_text,
        {{ iso_week('period.period_start') }} as week_text,
        {{ day_month('period.period_start') }} || '–' || {{ day_month('period.period_end') }} as span_text,
        {{ day_month('period.period_start') }} as day_text,
        period.is_latest,
        period.is_complete,
        period.is_too_early
    from {{ ref('int_period') }} as period
    inner join {{ ref('period_type') }} as kept on period.period_type = kept.period_type
),

judged as (
    select
        period_type,
        max(period_start) as period_start
    from {{ ref('int_period') }}
    where not is_too_early
    group by period_type
)

select
    named.period_type,
    named.period_type_name,
    named.period_start,
    named.period_end,
    named.previous_start,
    -- The year comes first, so that sorting the names sorts the periods.
    case named.period_type
        when 'day' then substr(named.month_text, 1, 4) || ' – ngày ' || named.day_text
        when 'week'
            then
                substr(named.week_text, 1, 4) || ' – tuần ' || substr(named.week_text, 7, 2)
                || ' (' || named.span_text || ')'
        when 'month' then substr(named.month_text, 1, 4) || ' – tháng ' || substr(named.month_text, 6, 2)
        when 'report_month'
            then
                substr(named.end_month_text, 1, 4) || ' – tháng báo cáo ' || substr(named.end_month_text, 6, 2)
                || ' (' || named.span_text || ')'
        when 'quarter'
            then
                substr(named.month_text, 1, 4) || ' – quý '
                || substr('111222333444', cast(substr(named.month_text, 6, 2) as integer), 1)
        when 'year' then 'Năm ' || substr(named.month_text, 1, 4)
        else named.period_type_name
    end as period_name,
    named.is_latest,
    named.is_complete,
    named.period_start = judged.period_start as is_shown
from named
left join judged on named.period_type = judged.period_type
