{{ config(materialized='table') }}

-- In which stage an open land dossier stood on which evening: from the day of a step to the day of the next, without
-- holes, because a dossier that left a stage and came to none yet is still somebody's. One row per stay; until is
-- excluded.
with land as (
    select
        dossier.dossier_code,
        dossier.commune_code,
        dossier.procedure_code,
        -- Who resolves it: the branch that the export names, else the one that serves the commune.
        case
            when dossier.resolving_unit_type = 'xa' then null
            else coalesce(named.branch_code, serving.branch_code, dossier.resolving_unit)
        end as branch_code,
        dossier.received_on,
        coalesce(dossier.closed_on, {{ add_days(as_of_date(), 1) }}) as open_until
    from {{ ref('fct_dossier') }} as dossier
    left join {{ ref('int_branch_text') }} as named
        on lower(dossier.resolving_unit) = named.unit_text and named.unit_type = 'vpdk'
    left join {{ ref('int_branch_commune') }} as serving
        on
            dossier.commune_code = serving.commune_code
            and serving.unit_type = 'vpdk'
            and dossier.received_on between serving.valid_from and serving.valid_to
    where dossier.is_land and dossier.received_on is not null
),

step as (
    select
        dossier_code,
        stage_code,
        step_position,
        cast(started_at as date) as started_on,
        lag(step_position) over by_place is null as is_first,
        lead(cast(started_at as date)) over by_place as next_started_on
    from {{ ref('fct_step') }}
    where is_counted
    window by_place as (partition by dossier_code order by step_position)
),

stay as (
    select
        land.*,
        coalesce(step.stage_code, 'khong_ro') as stage_code,
        case
            when coalesce(step.is_first, true) then land.received_on
            else greatest(step.started_on, land.received_on)
        end as stays_from,
        case
            when step.next_started_on is null then land.open_until
            else least(greatest(step.next_started_on, land.received_on), land.open_until)
        end as stays_until
    from land
    left join step on land.dossier_code = step.dossier_code
)

select
    dossier_code,
    commune_code,
    procedure_code,
    branch_code,
    stage_code,
    received_on,
    stays_from,
    stays_until
from stay
where stays_from < stays_until
