{{ config(materialized='table') }}

-- The steps of each dossier in the order of their beginning, with what is doubtful about them.
with step as (
    select
        sent.*,
        -- As with dossiers, an end to come leaves it open.
        case when cast(sent.ended_at as date) <= {{ as_of_date() }} then sent.ended_at end as known_ended_at,
        row_number() over (
            partition by sent.dossier_code, sent.stage, sent.started_at order by sent.position desc
        ) > 1 as is_repeated
    from {{ ref('int_step_sent') }} as sent
),

ordered as (
    select
        *,
        row_number() over by_start as step_position,
        max(step_number) over (
            partition by dossier_code order by started_at, coalesce(step_number, 0), position
            rows between unbounded preceding and 1 preceding
        ) as highest_number_before,
        row_number() over (
            partition by dossier_code, stage order by started_at, coalesce(step_number, 0), position
        ) > 1 as is_of_a_stage_seen_before,
        row_number() over (
            partition by dossier_code, known_ended_at is null and not is_repeated
            order by started_at desc, coalesce(step_number, 0) desc, position desc
        ) as newest_first
    from step
    window by_start as (partition by dossier_code order by started_at, coalesce(step_number, 0), position)
)

select
    ordered.dossier_code,
    coalesce(dossier.commune_code, ordered.commune_code, {{ province_code() }}) as commune_code,
    cast(ordered.step_position as integer) as step_position,
    coalesce(ordered.step_number, cast(ordered.step_position as integer)) as step_number,
    ordered.stage,
    ordered.department,
    ordered.unit_type,
    ordered.started_at,
    ordered.ended_at,
    ordered.due_at,
    ordered.is_inferred,
    ordered.known_ended_at is null as is_open,
    coalesce(ordered.known_ended_at, {{ as_of_timestamp() }}) as stopped_at,
    coalesce(ordered.ended_at < ordered.started_at, false) as is_ended_before_started,
    ordered.is_repeated,
    -- Systems that number their stages come back to a lower number when a dossier goes back; that is rework.
    coalesce(ordered.step_number < ordered.highest_number_before, false)
    and not ordered.is_of_a_stage_seen_before as is_out_of_order,
    dossier.dossier_code is null as is_of_unknown_dossier,
    ordered.known_ended_at is null and not ordered.is_repeated and ordered.newest_first > 1 as is_open_twice,
    cast(greatest(ordered.started_at, ordered.ended_at) as date) > {{ add_days('ordered.export_date', 1) }}
        as is_dated_after_export,
    ordered.export_date
from ordered
left join {{ ref('int_dossier') }} as dossier on ordered.dossier_code = dossier.dossier_code
