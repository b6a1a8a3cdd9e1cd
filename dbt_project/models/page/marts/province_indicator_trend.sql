-- The province's indicators as cards show them: value, change and signal in words, and the line of the last 16 values.
with indicator as (
    select
        judged.period_type,
        rule.period_type_name,
        judged.period_start,
        rule.period_label,
        judged.indicator_code,
        rule.short_name,
        rule.display_order,
        rule.indicator_name || '. ' || rule.description as definition,
        judged.value,
        case rule.unit
            when 'working_days' then judged.value_short_label || ' ngày' else judged.value_label
        end as value_label,
        judged.light,
        judged.light_label,
        judged.change_label,
        abs({{ readable('judged.change', 'rule.unit') }}) as change_size,
        judged.moved_most,
        judged.is_signal,
        judged.limit_centre,
        judged.explanation,
        row_number() over (
            partition by judged.period_type, judged.indicator_code order by judged.period_start
        ) as period_place
    from {{ ref('province_indicator') }} as judged
    inner join {{ ref('period_indicator') }} as rule
        on
            judged.period_type = rule.period_type
            and judged.period_start = rule.period_start
            and judged.indicator_code = rule.indicator_code
    where judged.period_type not in ('day', 'to_date')
),

past_value as (
    select
        indicator.period_type,
        indicator.period_start,
        indicator.indicator_code,
        past.period_start as past_start,
        past.value,
        row_number() over up_to_period as place,
        count(*) over period as places,
        min(past.value) over period as lowest,
        max(past.value) over period as highest
    from indicator
    inner join indicator as past
        on
            indicator.period_type = past.period_type
            and indicator.indicator_code = past.indicator_code
            and past.period_place between indicator.period_place - 15 and indicator.period_place
    where past.value is not null
    window
        period as (partition by indicator.period_type, indicator.period_start, indicator.indicator_code),
        up_to_period as (
            partition by indicator.period_type, indicator.period_start, indicator.indicator_code
            order by past.period_start
        )
),

line as (
    select
        period_type,
        period_start,
        indicator_code,
        {{ listed(sparkline_point('place', 'places', 'value', 'lowest', 'highest'), 'past_start') }} as line_points
    from past_value
    group by period_type, period_start, indicator_code
)

select
    indicator.period_type,
    indicator.period_type_name,
    indicator.period_start,
    indicator.period_label,
    indicator.indicator_code,
    indicator.short_name,
    indicator.display_order,
    indicator.definition,
    coalesce(indicator.value_label, '–') as value_label,
    indicator.light,
    indicator.light_label,
    coalesce(indicator.change_label, 'chưa so sánh được') as change_text,
    indicator.change_size,
    coalesce('chủ yếu do ' || indicator.moved_most, '') as moved_most_text,
    case
        when indicator.is_signal then '◆ Khác thường'
        when indicator.limit_centre is not null then 'Dao động thường'
        else 'Chưa đủ kỳ để biết'
    end as signal_text,
    indicator.is_signal,
    indicator.explanation,
    line.line_points,
    round(indicator.change_size, 1) <> 0 as is_changed,
    indicator.display_order <= 10 and indicator.indicator_code <> 'on_time_rate_portal' as is_headline
from indicator
left join line
    on
        indicator.period_type = line.period_type
        and indicator.period_start = line.period_start
        and indicator.indicator_code = line.indicator_code
