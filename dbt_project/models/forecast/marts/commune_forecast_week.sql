select
    line.unit_code as commune_code,
    coalesce(commune.commune_name, line.unit_code) as commune_name,
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
left join {{ ref('dim_commune') }} as commune on line.unit_code = commune.commune_code and commune.is_current
where line.unit_type = 'commune'
