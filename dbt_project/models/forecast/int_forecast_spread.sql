{{ config(materialized='table') }}

-- How far off the forecasts of a unit had been, as known at the end of each week: the root of the mean squared error,
-- in units of the usual spread, and from how many weeks that is known.
with known as (
    select
        unit_type,
        unit_code,
        measure,
        target_number as week_number,
        count(*) as errors,
        sum({{ summable('scaled_error * scaled_error') }}) as squares
    from {{ ref('int_forecast_error') }}
    where weeks_known >= {{ var('forecast')['least_weeks'] }}
    group by unit_type, unit_code, measure, target_number
)

select
    unit_type,
    unit_code,
    measure,
    week_number,
    count(*) over so_far as weeks,
    sqrt(sum(squares) over so_far / sum(errors) over so_far) as usual_error
from known
window so_far as (partition by unit_type, unit_code, measure order by week_number rows unbounded preceding)
