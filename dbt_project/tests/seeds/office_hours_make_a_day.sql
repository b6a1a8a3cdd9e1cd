-- Office hours that are none, run backwards, or make a day of less than an hour: the clock finds days by the working
-- hour.
with hours as (
    select
        *,
        {{ minute_of_text('morning_from') }} as morning_from_minute,
        {{ minute_of_text('morning_to') }} as morning_to_minute,
        {{ minute_of_text('afternoon_from') }} as afternoon_from_minute,
        {{ minute_of_text('afternoon_to') }} as afternoon_to_minute
    from {{ ref('working_hours') }}
),

faults as (
    {% for each in ['morning_from', 'morning_to', 'afternoon_from', 'afternoon_to'] -%}
    select
        concat(
            {{ seed_named(ref('working_hours')) }}, 'dòng từ ', cast(valid_from as varchar), ' cột {{ each }} ghi ',
            coalesce({{ each }}, 'trống'), '; hãy ghi giờ và phút như 07:30.'
        ) as sentence
    from hours
    where coalesce({{ each }}_minute not between 0 and 24 * 60, true)
    union all
    {% endfor -%}
    select
        concat(
            {{ seed_named(ref('working_hours')) }}, 'dòng từ ', cast(valid_from as varchar),
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
