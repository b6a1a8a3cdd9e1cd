-- The period in a few sentences, for whoever reads nothing else. Only what the tables say, in their words.
with named as (
    select
        *,
        lower(substr(indicator_name, 1, 1)) || substr(indicator_name, 2)
        || coalesce(' (' || value_label || ')', '') as words
    from {{ ref('province_indicator') }}
),

indicator_text as (
    select
        period_type,
        period_start,
        {{ listed("case when light = 'red' then words end", 'indicator_code') }} as red_names,
        {{ listed("case when is_signal then words end", 'indicator_code') }} as signal_names,
        max(case when limit_centre is not null then 1 else 0 end) = 1 as has_limits,
        max(case when indicator_code = 'on_time_rate' then value_label end) as on_time_label
    from named
    group by period_type, period_start
),

communes as (
    select
        period_type,
        period_start,
        cast(count(*) as integer) as communes,
        cast(sum(case when light = 'red' then 1 else 0 end) as integer) as red,
        cast(sum(case when light = 'yellow' then 1 else 0 end) as integer) as yellow,
        cast(sum(case when light = 'green' then 1 else 0 end) as integer) as green,
        cast(sum(case when light = 'grey' then 1 else 0 end) as integer) as grey
    from {{ ref('commune_light') }}
    group by period_type, period_start
),

gathered as (
    select
        period.period_type,
        period.period_type_name,
        period.period_start,
        period.period_end,
        period.period_label,
        period.is_latest,
        period.is_complete,
        province_light.light,
        province_light.light_label,
        province_light.explanation,
        measured.received,
        measured.resolved,
        measured.open_at_end,
        measured.overdue_at_end,
        communes.communes,
        communes.red,
        communes.yellow,
        communes.green,
        communes.grey,
        earlier.red as red_before,
        indicator_text.red_names,
        indicator_text.signal_names,
        indicator_text.has_limits,
        indicator_text.on_time_label
    from {{ ref('dim_period') }} as period
    inner join {{ ref('province_light') }} as province_light
        on period.period_type = province_light.period_type and period.period_start = province_light.period_start
    inner join {{ ref('int_unit_period') }} as measured
        on
            period.period_type = measured.period_type
            and period.period_start = measured.period_start
            and measured.unit_type = 'province'
    inner join communes on period.period_type = communes.period_type and period.period_start = communes.period_start
    left join communes as earlier
        on period.period_type = earlier.period_type and period.previous_start = earlier.period_start
    inner join indicator_text
        on period.period_type = indicator_text.period_type and period.period_start = indicator_text.period_start
    where period.period_type <> 'day'
)

select
    period_type,
    period_type_name,
    period_start,
    period_end,
    period_label,
    light,
    light_label,
    explanation,
    received,
    resolved,
    open_at_end,
    overdue_at_end,
    communes,
    red,
    yellow,
    green,
    grey,
    'Tiếp nhận ' || {{ vietnamese_number('received', 0) }} || ' hồ sơ, giải quyết '
    || {{ vietnamese_number('resolved', 0) }} || coalesce(', đúng hạn ' || on_time_label, '')
    || '; còn ' || {{ vietnamese_number('open_at_end', 0) }} || ' hồ sơ đang giải quyết, trong đó '
    || {{ vietnamese_number('overdue_at_end', 0) }} || ' quá hạn.' as work_text,
    red || ' trên ' || communes || ' xã, phường đang đỏ, ' || yellow || ' vàng, ' || green || ' xanh'
    || case when grey > 0 then ', ' || grey || ' chưa xếp màu' else '' end
    || case
        when red_before is null then '.'
        when red > red_before then '; thêm ' || (red - red_before) || ' xã, phường đỏ so với kỳ trước.'
        when red < red_before then '; bớt ' || (red_before - red) || ' xã, phường đỏ so với kỳ trước.'
        else '; số xã, phường đỏ không đổi so với kỳ trước.'
    end as communes_text,
    coalesce('Chỉ số đỏ của toàn tỉnh: ' || red_names || '.', 'Không chỉ số nào của toàn tỉnh bị đỏ.') as red_text,
    case
        when signal_names is not null
            then 'Khác thường so với chính các kỳ trước, nên tìm nguyên nhân: ' || signal_names || '.'
        when has_limits then 'Mọi thay đổi đều nằm trong khoảng dao động thường, chưa phải tín hiệu.'
        else 'Chưa đủ kỳ trước để biết thay đổi nào là tín hiệu.'
    end as signal_text,
    is_latest,
    is_complete
from gathered
