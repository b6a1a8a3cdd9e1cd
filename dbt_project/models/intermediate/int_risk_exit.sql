{{ config(materialized='table') }}

-- How stays in a stage ended, as known on each evening, counted by working hours from entering the stage to the end of
-- the dossier: finished, or left (withdrawn, refused, or still open) without a finish. Of dossiers received within the
-- evening's window.
with learnt as (
    select
        cutoff.cutoff_on,
        dossier.dossier_code,
        dossier.procedure_code,
        dossier.field_code,
        dossier.is_finished,
        dossier.closed_spent
    from {{ ref('int_risk_dossier') }} as dossier
    cross join {{ ref('int_risk_cutoff') }} as cutoff
    where
        dossier.received_on >= cutoff.learnt_from
        and dossier.closed_seen_on <= cutoff.cutoff_on
    union all
    select
        still_open.cutoff_on,
        dossier.dossier_code,
        dossier.procedure_code,
        dossier.field_code,
        false as is_finished,
        still_open.spent as closed_spent
    from {{ ref('int_risk_open') }} as still_open
    inner join {{ ref('int_risk_cutoff') }} as cutoff on still_open.cutoff_on = cutoff.cutoff_on
    inner join {{ ref('int_risk_dossier') }} as dossier on still_open.dossier_code = dossier.dossier_code
    where dossier.received_on >= cutoff.learnt_from
)

select
    learnt.cutoff_on,
    stay.stage_code,
    learnt.field_code,
    learnt.procedure_code,
    stay.unit,
    {{ whole_hours('learnt.closed_spent - stay.entered_spent') }} as hour,
    count(*) as exits,
    sum(case when learnt.is_finished then 1 else 0 end) as finishes
from learnt
inner join {{ ref('int_risk_stay') }} as stay on learnt.dossier_code = stay.dossier_code
where stay.entered_on <= learnt.cutoff_on
group by
    learnt.cutoff_on,
    stay.stage_code,
    learnt.field_code,
    learnt.procedure_code,
    stay.unit,
    {{ whole_hours('learnt.closed_spent - stay.entered_spent') }}
