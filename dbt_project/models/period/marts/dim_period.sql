with named as (
    select
        period.period_type,
        kept.period_type_name,
        period.period_start,
        period.period_end,
        period.counted_to,
        period.previous_start,
        {{ year_month('period.period_start') }} as first_month,
        {{ year_month('period.period_end') }} as last_month,
        {{ iso_week('period.period_start') }} as iso_week,
        {{ vietnamese_day_month('period.period_start') }} || '–' || {{ vietnamese_day_month('period.period_end') }}
            as span,
        {{ vietnamese_day_month('period.period_start') }} as day_text,
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
    named.counted_to,
    named.previous_start,
    -- A chosen period is a text, because a text can be chosen in a list and written in a link. Year first, so that
    -- texts of one type sort as the periods do.
    case named.period_type
        when 'day' then substr(named.first_month, 1, 4) || ' · Ngày ' || named.day_text
        when 'week'
            then
                substr(named.iso_week, 1, 4) || ' · Tuần ' || substr(named.iso_week, 7, 2)
                || ' (' || named.span || ')'
        when 'month' then substr(named.first_month, 1, 4) || ' · Tháng ' || substr(named.first_month, 6, 2)
        when 'report_month'
            then
                substr(named.last_month, 1, 4) || ' · Tháng báo cáo ' || substr(named.last_month, 6, 2)
                || ' (' || named.span || ')'
        when 'quarter'
            then
                substr(named.first_month, 1, 4) || ' · Quý '
                || substr('111222333444', cast(substr(named.first_month, 6, 2) as integer), 1)
        when 'year' then 'Năm ' || substr(named.first_month, 1, 4)
        else named.period_type_name
    end as period_label,
    named.is_latest,
    named.is_complete,
    named.period_start = judged.period_start as is_shown
from named
left join judged on named.period_type = judged.period_type
