select
    date,
    is_working_day,
    holiday_name,
    working_day_number,
    {{ iso_week('date') }} as iso_week,
    {{ year_month(add_months('report_month_start', 1)) }} as report_month,
    week_start,
    month_start,
    report_month_start,
    quarter_start,
    year_start
from {{ ref('int_calendar') }}
