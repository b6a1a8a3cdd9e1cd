{{ config(materialized='table_function', parameters=['from_date', 'to_date'], contract={'enforced': false}) }}

-- The indicators of every commune over any span of days: the same measures, formulas and thresholds as in
-- `commune_indicator`, so that a span that is a period gives that period's values.
with asked as (
    select
        cast(from_date as date) as from_day,
        cast(to_date as date) as to_day
),

span as (
    select
        asked.from_day,
        asked.to_day,
        max(day.date) as counted_to
    from asked
    cross join {{ ref('province_day') }} as day
    where day.date between asked.from_day and asked.to_day
    group by asked.from_day, asked.to_day
),

measured as (
    select
        measured.commune_code,
        {% for measure in flow_measures() -%}
        cast(sum(measured.{{ measure }}) as bigint) as {{ measure }},
        {% endfor -%}
    {% for measure in stock_measures() -%}
    cast(sum(case when measured.date = span.counted_to then measured.{{ measure }} else 0 end) as bigint)
        as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('commune_day') }} as measured
    cross join span
    where measured.date between span.from_day and span.counted_to
    group by measured.commune_code
),

valued as (
    select
        measured.commune_code,
        indicator.indicator_code,
        indicator.direction,
        indicator.green_from,
        indicator.yellow_from,
        indicator.min_denominator,
        {{ indicator_term('numerator', 'indicator.indicator_code') }} as numerator,
        {{ indicator_term('denominator', 'indicator.indicator_code') }} as denominator
    from measured
    cross join {{ ref('dim_indicator') }} as indicator
    cross join span
    where {{ is_valid_on('span.counted_to', 'indicator.valid_from', 'indicator.valid_to') }}
),

shared as (
    select
        *,
        case when denominator <> 0 then numerator / cast(denominator as double) end as value
    from valued
)

select
    shared.commune_code,
    shared.indicator_code,
    shared.numerator,
    shared.denominator,
    shared.value,
    case
        when shared.value is null or shared.denominator < shared.min_denominator then 'grey'
        else {{ light_of('shared.value', 'shared') }}
    end as light
from shared
order by shared.commune_code, shared.indicator_code
