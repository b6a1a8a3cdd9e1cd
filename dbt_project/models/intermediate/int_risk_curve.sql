{{ config(materialized='table') }}

-- Survival in each group by Kaplan and Meier, at the hours where somebody left or where an open dossier asks. Who left
-- without a finish counts as at risk up to that hour and no further.
with left_at as (
    {% for group in risk_groups() %}
    select
        counted.cutoff_on,
        wanted.group_number,
        counted.hour,
        counted.exits,
        counted.finishes
    from {{ ref('int_risk_exit') }} as counted
    inner join {{ ref('int_risk_group') }} as wanted
        on {{ of_risk_group(group, 'counted', 'wanted') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

point as (
    select *
    from left_at
    union all
    select
        cutoff_on,
        group_number,
        hour_now as hour,
        0 as exits,
        0 as finishes
    from {{ ref('int_risk_question') }}
    union all
    select
        cutoff_on,
        group_number,
        hour_due as hour,
        0 as exits,
        0 as finishes
    from {{ ref('int_risk_question') }}
),

counted as (
    select
        cutoff_on,
        group_number,
        hour,
        cast(sum(exits) as bigint) as exits,
        cast(sum(finishes) as bigint) as finishes
    from point
    group by cutoff_on, group_number, hour
),

at_risk as (
    select
        *,
        cast(
            sum(exits) over (partition by cutoff_on, group_number order by hour desc rows unbounded preceding) as bigint
        ) as at_risk
    from counted
),

-- A logarithm turns the product into a sum. Where all that were left finished, nothing survives, which has none: e to
-- the -700, rounded, is nothing.
hazard as (
    select
        *,
        case
            when finishes = 0 then 0.0
            when finishes < at_risk then ln(1 - finishes / cast(at_risk as double))
            else -700.0
        end as log_share
    from at_risk
)

select
    cutoff_on,
    group_number,
    hour,
    at_risk,
    finishes,
    round(exp(sum(log_share) over past - log_share), 12) as survival_before,
    round(exp(sum(log_share) over past), 12) as survival
from hazard
window past as (partition by cutoff_on, group_number order by hour rows unbounded preceding)
