{{ config(materialized='table') }}

-- What came of the estimates of past evenings. Only dossiers whose due date of then is over by now are held against
-- them: of later ones only the early finishes would be known. Who was past due already is no estimate.
with dossier as (
    select
        dossier_code,
        state,
        timeliness,
        is_open,
        is_overdue
    from {{ ref('fct_dossier') }}
)

select
    estimate.cutoff_on,
    estimate.dossier_code,
    estimate.risk,
    coalesce(estimate.risk > cutoff.high_from, false) as is_high,
    coalesce(estimate.risk > cutoff.listed_from, false) as is_listed,
    due_day.working_day_number - cutoff.working_day_number as working_days_left,
    case
        when dossier.timeliness is not null then dossier.timeliness = 'late'
        when dossier.is_overdue then true
    end as is_late
from {{ ref('int_risk_estimate') }} as estimate
inner join {{ ref('int_risk_cutoff') }} as cutoff on estimate.cutoff_on = cutoff.cutoff_on and not cutoff.is_today
inner join {{ ref('int_risk_open') }} as still_open
    on estimate.cutoff_on = still_open.cutoff_on and estimate.dossier_code = still_open.dossier_code
inner join dossier on estimate.dossier_code = dossier.dossier_code
inner join {{ ref('int_calendar') }} as due_day on still_open.due_on = due_day.date
where
    still_open.due_on < {{ as_of_date() }}
    and estimate.risk is not null
