-- What is forecast, and by which method.
{%- set weeks = var('forecast')['history_weeks'] %}

select
    'received' as measure,
    'Hồ sơ tiếp nhận trong tuần' as measure_name,
    'weekday_mean' as method,
    'Trung bình mỗi thứ trong tuần của {{ weeks }} tuần gần nhất, nhân với số ngày làm việc như vậy của tuần tới'
        as method_name
union all
select
    'overdue' as measure,
    'Hồ sơ quá hạn cuối tuần' as measure_name,
    'last_stock' as method,
    'Giữ nguyên số quá hạn cuối tuần trọn vẹn gần nhất; khoảng dự báo rộng dần theo số ngày làm việc' as method_name
