{{ config(materialized='table') }}

-- Every forecast with its interval, or with the reason why there is none; those of weeks that are over beside what
-- came.
{%- set rules = var('forecast') %}

with judged as (
    select
        expected.*,
        past.actual,
        {{ interval_sigmas('spread.weeks') }} * spread.usual_error
        * {{ forecast_scale('expected.measure', 'expected.expected', 'expected.working_days_ahead') }} as half_width,
        case
            when expected.weeks_known < {{ rules['least_weeks'] }}
                then
                    'Mới có ' || expected.weeks_known
                    || ' tuần trọn vẹn số liệu, cần ít nhất {{ rules["least_weeks"] }}.'
            when expected.recent_received < {{ rules['least_received'] }}
                then
                    'Chỉ tiếp nhận ' || cast(expected.recent_received as integer)
                    || ' hồ sơ trong {{ rules["history_weeks"] }} tuần gần nhất, cần ít nhất '
                    || '{{ rules["least_received"] }}.'
            when coalesce(spread.weeks, 0) < {{ rules['least_error_weeks'] }}
                then
                    'Mới có ' || coalesce(spread.weeks, 0)
                    || ' tuần để đo sai số của dự báo, cần ít nhất {{ rules["least_error_weeks"] }}.'
        end as reason
    from {{ ref('int_forecast_expected') }} as expected
    left join {{ ref('int_forecast_error') }} as past
        on
            expected.unit_type = past.unit_type
            and expected.unit_code = past.unit_code
            and expected.measure = past.measure
            and expected.week_number = past.week_number
            and expected.horizon = past.horizon
    left join {{ ref('int_forecast_spread') }} as spread
        on
            expected.unit_type = spread.unit_type
            and expected.unit_code = spread.unit_code
            and expected.measure = spread.measure
            and expected.week_number = spread.week_number
)

select
    unit_type,
    unit_code,
    measure,
    made_after,
    week_number,
    horizon,
    week_start,
    working_days,
    actual,
    reason,
    case when reason is null then expected end as expected,
    case when reason is null then greatest(0, expected - half_width) end as low,
    case when reason is null then expected + half_width end as high
from judged
