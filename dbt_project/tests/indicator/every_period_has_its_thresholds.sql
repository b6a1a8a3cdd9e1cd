-- Periods inside the data that no version of a threshold judges.
with faults as (
    select
        concat(
            'Danh mục indicator_threshold.csv: chỉ số ', indicator_code, ' không có ngưỡng cho các kỳ từ ngày ',
            cast(min(period_start) as varchar), ' đến ngày ', cast(max(period_end) as varchar),
            ' trong khi có số liệu; hãy thêm dòng ngưỡng có hiệu lực trong thời gian đó.'
        ) as sentence
    from {{ ref('int_period_indicator') }}
    where green_from is null
    group by indicator_code
)

{{ refuse('faults') }}
