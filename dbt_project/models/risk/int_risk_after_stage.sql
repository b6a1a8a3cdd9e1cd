-- How long finished dossiers of a procedure usually took after they had left a stage; nothing where too few did.
with stay as (
    select
        dossier_code,
        stage_code,
        step_position,
        lead(entered_spent) over (partition by dossier_code order by step_position) as left_spent
    from {{ ref('int_risk_stay') }}
),

cutoff as (
    select *
    from {{ ref('int_risk_cutoff') }}
    where is_today
),

finished as (
    select
        dossier.*,
        cutoff.parent_weight
    from {{ ref('int_risk_dossier') }} as dossier
    cross join cutoff
    where dossier.is_finished and dossier.received_on >= cutoff.learnt_from
)

select
    stay.stage_code,
    finished.procedure_code,
    count(*) as dossiers,
    median(greatest(0, finished.closed_spent - coalesce(stay.left_spent, finished.closed_spent))) as minutes_after
from stay
inner join finished on stay.dossier_code = finished.dossier_code
group by stay.stage_code, finished.procedure_code
having count(*) >= max(finished.parent_weight)
