select
    forecast.unit_type,
    forecast.unit_code,
    {{ forecast_unit_name('forecast', 'field.field_name') }} as unit_name,
    forecast.measure,
    measure.measure_name,
    {{ add_days('forecast.made_after', 6) }} as made_on,
    cast(forecast.horizon as integer) as weeks_ahead,
    forecast.week_start,
    {{ iso_week('forecast.week_start') }} as iso_week,
    cast(forecast.expected as double) as expected,
    cast(forecast.low as double) as low,
    cast(forecast.high as double) as high,
    cast(forecast.actual as bigint) as actual,
    cast(forecast.actual - forecast.expected as double) as error,
    forecast.actual between forecast.low and forecast.high as is_within
from {{ ref('int_forecast') }} as forecast
inner join {{ ref('int_forecast_measure') }} as measure on forecast.measure = measure.measure
left join {{ ref('int_field') }} as field on forecast.unit_code = field.field_code
where
    forecast.unit_type <> 'commune'
    and forecast.actual is not null
    and forecast.expected is not null
