-- How forecasts of weeks that are over did, by kind of unit, measure and distance.
with judged as (
    select
        *,
        abs(actual - expected) as off_by,
        case when actual between low and high then 1 else 0 end as is_within
    from {{ ref('int_forecast') }}
    where actual is not null and expected is not null
)

select
    judged.unit_type,
    judged.measure,
    max(measure.measure_name) as measure_name,
    cast(judged.horizon as integer) as weeks_ahead,
    cast(count(*) as bigint) as forecasts,
    cast(sum(judged.is_within) as bigint) as within_interval,
    cast(sum(judged.is_within) as double) / count(*) as coverage,
    cast(sum({{ summable('judged.off_by') }}) as double) / nullif(sum(judged.actual), 0) as relative_error
from judged
inner join {{ ref('int_forecast_measure') }} as measure on judged.measure = measure.measure
group by judged.unit_type, judged.measure, judged.horizon
