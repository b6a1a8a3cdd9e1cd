{{ config(materialized='table') }}

-- How stays in a stage ended, as known on each evening, counted by working hours from entering the stage to the end of
-- the dossier: finished, or left (withdrawn, refused, or still open) without a finish. Once by the hour at which it
-- ended, and once by the hour up to which exports showed it open: a finish may be entered days later. Of dossiers
-- received within the evening's window.
with learnt as (
    select
        cutoff.cutoff_on,
        dossier.dossier_code,
        dossier.procedure_code,
        dossier.field_code,
        dossier.is_finished,
        dossier.closed_spent,
        dossier.closed_spent + dossier.shown_open_after as shown_open_until
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
        still_open.spent as closed_spent,
        still_open.spent as shown_open_until
    from {{ ref('int_risk_open') }} as still_open
    inner join {{ ref('int_risk_cutoff') }} as cutoff on still_open.cutoff_on = cutoff.cutoff_on
    inner join {{ ref('int_risk_dossier') }} as dossier on still_open.dossier_code = dossier.dossier_code
    where dossier.received_on >= cutoff.learnt_from
),

stay_end as (
    select
        learnt.cutoff_on,
        stay.stage_code,
        learnt.field_code,
        learnt.procedure_code,
        stay.unit,
        {{ whole_hours('learnt.closed_spent - stay.entered_spent') }} as hour_ended,
        {{ whole_hours('learnt.shown_open_until - stay.entered_spent') }} as hour_shown,
        case when learnt.is_finished then 1 else 0 end as finishes
    from learnt
    inner join {{ ref('int_risk_stay') }} as stay on learnt.dossier_code = stay.dossier_code
    where stay.entered_on <= learnt.cutoff_on
),

-- Exports show nearly all on the day they end, and then no second row is needed.
counted as (
    select
        cutoff_on,
        stage_code,
        field_code,
        procedure_code,
        unit,
        hour_ended as hour,
        1 as exits,
        finishes,
        case when hour_shown = hour_ended then 1 else 0 end as shown_exits,
        case when hour_shown = hour_ended then finishes else 0 end as shown_finishes
    from stay_end
    union all
    select
        cutoff_on,
        stage_code,
        field_code,
        procedure_code,
        unit,
        hour_shown as hour,
        0 as exits,
        0 as finishes,
        1 as shown_exits,
        finishes as shown_finishes
    from stay_end
    where hour_shown <> hour_ended
)

select
    cutoff_on,
    stage_code,
    field_code,
    procedure_code,
    unit,
    hour,
    sum(exits) as exits,
    sum(finishes) as finishes,
    sum(shown_exits) as shown_exits,
    sum(shown_finishes) as shown_finishes
from counted
group by cutoff_on, stage_code, field_code, procedure_code, unit, hour
