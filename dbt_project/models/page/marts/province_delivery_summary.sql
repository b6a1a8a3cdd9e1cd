-- How the dossier files of the newest day on which they were owed came in, in five cards.
with owed_day as (
    select max(export_date) as export_date
    from {{ ref('delivery') }}
    where kind = 'hoso' and is_expected
),

delivery_count as (
    select
        owed_day.export_date,
        count(*) as owed,
        sum(case when sent.is_on_time then 1 else 0 end) as on_time,
        sum(case when sent.status = 'late' then 1 else 0 end) as late,
        sum(case when sent.status = 'missing' then 1 else 0 end) as missing,
        sum(case when sent.status = 'rejected' then 1 else 0 end) as rejected,
        sum(case when sent.status <> 'rejected' and sent.rows_rejected > 0 then 1 else 0 end) as with_faults,
        coalesce(sum(sent.rows_rejected), 0) as rows_rejected,
        coalesce(sum(sent.rows_read), 0) as rows_read
    from {{ ref('delivery') }} as sent
    inner join owed_day on sent.export_date = owed_day.export_date
    where sent.kind = 'hoso' and sent.is_expected
    group by owed_day.export_date
),

card as (
    select
        1 as card_order,
        'Đúng giờ' as title,
        export_date,
        {{ vietnamese_number('on_time', 0) }} || '/' || {{ vietnamese_number('owed', 0) }} as value_text,
        'green' as light,
        '● Nhận trước giờ chốt' as light_label,
        'Kể cả tệp có dòng lỗi' as detail,
        'Xã, phường có tệp hồ sơ được nhận trước giờ chốt' as definition
    from delivery_count
    union all
    select
        2 as card_order,
        'Nộp muộn' as title,
        export_date,
        {{ vietnamese_number('late', 0) }} as value_text,
        case when late > 0 then 'yellow' else 'green' end as light,
        case when late > 0 then '▲ Sau giờ chốt' else '● Không có' end as light_label,
        'Vẫn được nhận' as detail,
        'Xã, phường có tệp hồ sơ đến sau giờ chốt' as definition
    from delivery_count
    union all
    select
        3 as card_order,
        'Chưa nộp' as title,
        export_date,
        {{ vietnamese_number('missing', 0) }} as value_text,
        case when missing > 0 then 'red' else 'green' end as light,
        case when missing > 0 then '■ Cần nhắc ngay' else '● Không có' end as light_label,
        'Chưa có tệp nào của ngày này' as detail,
        'Xã, phường phải gửi mà chưa gửi' as definition
    from delivery_count
    union all
    select
        4 as card_order,
        'Bị trả lại' as title,
        export_date,
        {{ vietnamese_number('rejected', 0) }} as value_text,
        case when rejected > 0 then 'red' else 'green' end as light,
        case when rejected > 0 then '■ Phải gửi lại' else '● Không có' end as light_label,
        'Lý do ở bảng việc cần làm' as detail,
        'Cả tệp không dùng được' as definition
    from delivery_count
    union all
    select
        5 as card_order,
        'Có dòng lỗi' as title,
        export_date,
        {{ vietnamese_number('with_faults', 0) }} as value_text,
        case when with_faults > 0 then 'yellow' else 'green' end as light,
        case when with_faults > 0 then '▲ Nên gửi lại' else '● Không có' end as light_label,
        'Loại ' || {{ vietnamese_number('rows_rejected', 0) }} || ' trong ' || {{ vietnamese_number('rows_read', 0) }}
        || ' dòng' as detail,
        'Tệp được nhận nhưng có dòng bị loại' as definition
    from delivery_count
)

select
    card_order,
    title,
    value_text,
    light,
    light_label,
    'Ngày ' || {{ vietnamese_day('export_date') }} as moment,
    detail,
    definition
from card
