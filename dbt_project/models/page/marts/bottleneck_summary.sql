-- Land dossiers, queues and dossiers at risk in five cards, of the whole province. Stocks of land are held against the
-- fifth working day before.
with land_day as (
    select
        land.date,
        sum(land.open) as waiting,
        sum(land.overdue) as overdue,
        sum(land.age_over_20) as over_20_days,
        row_number() over (order by land.date desc) as age
    from {{ ref('land_backlog_day') }} as land
    inner join {{ ref('dim_date') }} as calendar on land.date = calendar.date
    where calendar.is_working_day or land.is_latest
    group by land.date
),

land as (
    select
        latest.*,
        before.date as date_before,
        before.waiting as waiting_before,
        before.overdue as overdue_before,
        before.over_20_days as over_20_days_before
    from land_day as latest
    left join land_day as before on before.age = 6
    where latest.age = 1
),

queue as (
    select
        count(*) as queues,
        coalesce(sum(case when is_alarm then 1 else 0 end), 0) as alarms,
        coalesce(sum(case when is_new_alarm then 1 else 0 end), 0) as new_alarms
    from {{ ref('bottleneck_week') }}
    where is_latest and no_figure_reason is null
),

dossier as (
    select
        count(*) as open,
        coalesce(sum(case when is_listed and not is_overdue and not is_paused then 1 else 0 end), 0) as to_rescue
    from {{ ref('dossier_at_risk') }}
),

figure as (
    select
        1 as card_order,
        'Đất đai đang giải quyết' as title,
        waiting as value,
        waiting_before as value_before,
        date,
        date_before,
        'Trong đó quá hạn: ' || {{ vietnamese_number('overdue', 0) }} as detail,
        'Hồ sơ thủ tục đất đai chưa xong ở cuối ngày, gồm cả tạm dừng.' as definition,
        'grey' as light,
        '' as light_label
    from land
    union all
    select
        2 as card_order,
        'Đất đai quá hạn' as title,
        overdue as value,
        overdue_before as value_before,
        date,
        date_before,
        {{ vietnamese_number('100.0 * overdue / nullif(waiting, 0)', 1) }}
        || ' % hồ sơ đất đai đang giải quyết' as detail,
        'Hồ sơ đất đai chưa xong, không tạm dừng, đã qua ngày hẹn trả.' as definition,
        'grey' as light,
        '' as light_label
    from land
    union all
    select
        3 as card_order,
        'Đất đai trên 20 ngày làm việc' as title,
        over_20_days as value,
        over_20_days_before as value_before,
        date,
        date_before,
        {{ vietnamese_number('100.0 * over_20_days / nullif(waiting, 0)', 1) }}
        || ' % hồ sơ đất đai đang giải quyết' as detail,
        'Hồ sơ đất đai chưa xong đã nhận quá 20 ngày làm việc.' as definition,
        'grey' as light,
        '' as light_label
    from land
    union all
    select
        4 as card_order,
        'Hàng chờ báo động' as title,
        alarms as value,
        null as value_before,
        null as date,
        null as date_before,
        'Trong đó mới: ' || new_alarms || '; theo dõi ' || {{ vietnamese_number('queues', 0) }}
        || ' hàng chờ' as detail,
        'Hàng chờ của một khâu ở một đơn vị dài ra nhiều hơn dao động thường và lâu hơn thời hạn của khâu.'
            as definition,
        case when alarms > 0 then 'red' else 'green' end as light,
        case when alarms > 0 then '■ Có báo động' else '● Không báo động' end as light_label
    from queue
    where queues > 0
    union all
    select
        5 as card_order,
        'Hồ sơ cần cứu' as title,
        to_rescue as value,
        null as value_before,
        null as date,
        null as date_before,
        'trong ' || {{ vietnamese_number('open', 0) }} || ' hồ sơ đang giải quyết' as detail,
        'Hồ sơ chưa quá hạn, không tạm dừng, có nguy cơ trễ hạn cao theo thời gian mà các hồ sơ giống nó đã cần.'
            as definition,
        case when to_rescue > 0 then 'yellow' else 'green' end as light,
        case when to_rescue > 0 then '▲ Cần làm ngay' else '● Không có' end as light_label
    from dossier
    where open > 0
)

select
    card_order,
    title,
    {{ vietnamese_number('value', 0) }} as value_text,
    light,
    light_label,
    coalesce('Cuối ngày ' || {{ vietnamese_day_month('date') }}, 'Toàn tỉnh') as moment,
    case
        when value_before is null then ''
        when value = value_before then '= không đổi từ ' || {{ vietnamese_day_month('date_before') }}
        else {{ count_change('value', 'value_before') }} || ' từ ' || {{ vietnamese_day_month('date_before') }}
    end as change_text,
    detail,
    definition
from figure
