{%- set ahead = var('risk_backtest')['ahead_working_days'] %}

with judged as (
    select
        *,
        is_late is not null as is_decided,
        power(risk - case when is_late then 1 else 0 end, 2) as squared_error,
        coalesce(working_days_left = {{ ahead }} and is_late, false) as is_late_soon
    from {{ ref('int_risk_outcome') }}
),

counted as (
    select
        cutoff_on,
        count(*) as dossiers,
        sum(case when is_decided then 0 else 1 end) as undecided,
        sum(case when is_late then 1 else 0 end) as late,
        avg({{ summable('case when is_decided then squared_error end') }}) as brier_score,
        sum(case when is_decided and is_high then 1 else 0 end) as high,
        sum(case when is_late and is_high then 1 else 0 end) as high_late,
        sum(case when is_decided and is_listed then 1 else 0 end) as listed,
        sum(case when is_late and is_listed then 1 else 0 end) as listed_late,
        sum(case when is_late_soon then 1 else 0 end) as late_soon,
        sum(case when is_late_soon and is_listed then 1 else 0 end) as late_soon_listed,
        sum(case when is_late_soon and is_high then 1 else 0 end) as late_soon_high
    from judged
    group by cutoff_on
)

select
    cutoff_on,
    cast(dossiers as bigint) as dossiers,
    cast(undecided as bigint) as undecided,
    cast(late as bigint) as late,
    cast(brier_score as double) as brier_score,
    cast(high as bigint) as high,
    cast(high_late as bigint) as high_late,
    cast(high_late as double) / nullif(high, 0) as high_precision,
    cast(listed as bigint) as listed,
    cast(listed_late as bigint) as listed_late,
    cast(listed_late as double) / nullif(listed, 0) as listed_precision,
    cast(late_soon as bigint) as late_soon,
    cast(late_soon_listed as bigint) as late_soon_listed,
    cast(late_soon_high as bigint) as late_soon_high,
    cast(late_soon_listed as double) / nullif(late_soon, 0) as listed_recall,
    cast(late_soon_high as double) / nullif(late_soon, 0) as high_recall
from counted
