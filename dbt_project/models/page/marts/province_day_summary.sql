-- The day in five cards. What came in and was done is told of the newest day with data; who sent and what waits, of the
-- evening of the release. Each is held against the working day before it; a line shows the last 20.
with province_day as (
    select
        day.*,
        calendar.is_working_day,
        max(case when day.exports_received > 0 then day.date end) over () as data_date
    from {{ ref('province_day') }} as day
    left join {{ ref('dim_date') }} as calendar on day.date = calendar.date
),

figure as (
    -- On a day off nobody has to send: the line ends with the working day before it.
    select
        1 as card_order,
        'Tệp hồ sơ nhận trong ngày' as title,
        date,
        exports_received as value,
        case when is_working_day then exports_received end as drawn_value
    from province_day
    where is_working_day or is_latest
    union all
    select
        2 as card_order,
        'Hồ sơ tiếp nhận trong ngày' as title,
        date,
        received as value,
        received as drawn_value
    from province_day
    where date <= data_date and (is_working_day or date = data_date)
    union all
    select
        3 as card_order,
        'Hồ sơ đã giải quyết trong ngày' as title,
        date,
        resolved as value,
        resolved as drawn_value
    from province_day
    where date <= data_date and (is_working_day or date = data_date)
    union all
    select
        4 as card_order,
        'Hồ sơ đang giải quyết' as title,
        date,
        open_at_end as value,
        open_at_end as drawn_value
    from province_day
    where is_working_day or is_latest
    union all
    select
        5 as card_order,
        'Hồ sơ quá hạn chưa giải quyết' as title,
        date,
        overdue_at_end as value,
        overdue_at_end as drawn_value
    from province_day
    where is_working_day or is_latest
),

newest_first as (
    select
        *,
        row_number() over (partition by card_order order by date desc) as age
    from figure
),

recent as (
    select
        *,
        lead(value) over (partition by card_order order by age) as value_before,
        lead(date) over (partition by card_order order by age) as date_before,
        count(*) over (partition by card_order) - age + 1 as place,
        count(*) over (partition by card_order) as places,
        min(drawn_value) over (partition by card_order) as lowest,
        max(drawn_value) over (partition by card_order) as highest
    from newest_first
    where age <= 20
),

line as (
    select
        card_order,
        {{ listed(
            'case when drawn_value is not null then ' ~ sparkline_point('place', 'places', 'drawn_value', 'lowest', 'highest') ~ ' end',
            'date',
        ) }} as line_points
    from recent
    group by card_order
),

latest as (
    select
        day.is_working_day,
        day.exports_received,
        day.exports_expected,
        day.open_at_end,
        day.overdue_at_end,
        day.data_date,
        sum(month_day.received) as received_in_month,
        sum(month_day.resolved) as resolved_in_month
    from province_day as day
    left join province_day as month_day
        on month_day.date between cast(date_trunc('month', day.data_date) as date) and day.data_date
    where day.is_latest
    group by all
)

select
    recent.card_order,
    recent.title,
    cast(recent.value as bigint) as value,
    case when recent.card_order = 1 then cast(latest.exports_expected as bigint) end as expected,
    case when recent.card_order in (4, 5) then 'Cuối ngày ' else 'Ngày ' end
    || {{ vietnamese_day_month('recent.date') }}
    -- What waits on a day without data is told from the last one that has some.
    || case
        when recent.card_order in (4, 5) and recent.date > latest.data_date
            then ', số liệu ' || {{ vietnamese_day_month('latest.data_date') }}
        else ''
    end as moment,
    case
        when recent.card_order = 1 and not latest.is_working_day then 'không so với ngày làm việc'
        when recent.value_before is null then 'chưa có ngày để so sánh'
        else
            {{ count_change('recent.value', 'recent.value_before') }}
            || case when recent.value = recent.value_before then ' không đổi so với ' else ' so với ' end
            || {{ vietnamese_day_month('recent.date_before') }}
    end as change_text,
    case
        when recent.card_order = 1 and latest.exports_received < latest.exports_expected
            then
                'Còn thiếu '
                || {{ vietnamese_number('latest.exports_expected - latest.exports_received', 0) }} || ' xã, phường'
        when recent.card_order = 1 and latest.exports_expected > 0 then 'Đủ tệp của xã, phường'
        when recent.card_order = 1 and latest.is_working_day then 'Chưa đến giờ chốt nhận tệp'
        when recent.card_order = 1 then 'Ngày nghỉ, không yêu cầu gửi'
        when recent.card_order = 2
            then 'Từ đầu tháng: ' || {{ vietnamese_number('latest.received_in_month', 0) }}
        when recent.card_order = 3
            then 'Từ đầu tháng: ' || {{ vietnamese_number('latest.resolved_in_month', 0) }}
        when recent.card_order = 4 then 'Gồm cả hồ sơ đang chờ bổ sung'
        when latest.open_at_end = 0 then 'Không có hồ sơ tồn'
        else
            {{ vietnamese_number('100.0 * latest.overdue_at_end / latest.open_at_end', 1) }}
            || ' % hồ sơ đang giải quyết'
    end as detail,
    line.line_points
from recent
inner join line on recent.card_order = line.card_order
cross join latest
where recent.age = 1
