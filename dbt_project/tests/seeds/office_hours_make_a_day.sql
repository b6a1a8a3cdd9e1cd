-- Office hours that run backwards, or make a day of less than an hour: the clock finds days by the working hour.
with hours as (
    select
        *,
        {{ minute_of_day('morning_from') }} as morning_from_minute,
        {{ minute_of_day('morning_to') }} as morning_to_minute,
        {{ minute_of_day('afternoon_from') }} as afternoon_from_minute,
        {{ minute_of_day('afternoon_to') }} as afternoon_to_minute
    from {{ ref('working_hours') }}
),

faults as (
    select
        concat(
            'Danh mục working_hours.csv: dòng từ ', cast(valid_from as varchar),
            ' có giờ đi ngược hoặc cộng lại chưa đủ một giờ; hãy sửa giờ sáng, giờ chiều theo thứ tự.'
        ) as sentence
    from hours
    where
        morning_to_minute < morning_from_minute
        or afternoon_from_minute < morning_to_minute
        or afternoon_to_minute < afternoon_from_minute
        or morning_to_minute - morning_from_minute + afternoon_to_minute - afternoon_from_minute < 60
)

{{ refuse('faults') }}
