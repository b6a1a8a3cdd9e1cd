select
    line.unit_type,
    line.unit_code,
    {{ forecast_unit_name('line', 'field.field_name') }} as unit_name,
    line.measure,
    line.measure_name,
    line.week_start,
    line.week_end,
    line.iso_week,
    line.working_days,
    line.is_forecast,
    line.actual,
    line.expected,
    line.low,
    line.high,
    line.method,
    line.method_name,
    line.reason
from {{ ref('int_forecast_line') }} as line
left join {{ ref('int_field') }} as field on line.unit_code = field.field_code
where line.unit_type <> 'commune'
