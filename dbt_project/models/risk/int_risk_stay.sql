{{ config(materialized='table') }}

-- The stages that a dossier came through, with which unit, and after how many working minutes without pauses it entered
-- each. Where no step tells of the beginning, the dossier is in process from its reception on.
with step as (
    select
        step.dossier_code,
        step.step_position,
        step.stage_code,
        step.stage_name,
        coalesce(step.unit_code, dossier.unit) as unit,
        dossier.received_minute,
        -- What a step tells of the time before the reception is none of the clock's business.
        greatest(step.started_at, dossier.received_at) as entered_at
    from {{ ref('fct_step') }} as step
    inner join {{ ref('int_risk_dossier') }} as dossier on step.dossier_code = dossier.dossier_code
    where
        step.is_counted
        and (dossier.closed_on is null or cast(step.started_at as date) <= dossier.closed_on)
        -- Handing over follows the finish.
        and step.stage_code <> 'tra_ket_qua'
),

first_step as (
    select
        dossier_code,
        min(entered_at) as entered_at
    from step
    group by dossier_code
),

stay as (
    select
        dossier_code,
        step_position,
        stage_code,
        stage_name,
        unit,
        received_minute,
        entered_at
    from step
    union all
    select
        dossier.dossier_code,
        0 as step_position,
        'xu_ly' as stage_code,
        'Đang giải quyết' as stage_name,
        dossier.unit,
        dossier.received_minute,
        dossier.received_at as entered_at
    from {{ ref('int_risk_dossier') }} as dossier
    left join first_step on dossier.dossier_code = first_step.dossier_code
    where first_step.entered_at is null or first_step.entered_at > dossier.received_at
),

timed as (
    select
        stay.*,
        {{ working_minutes_until('stay.entered_at', 'entered_day') }} as entered_minute
    from stay
    left join {{ ref('int_calendar') }} as entered_day
        on {{ within_calendar('cast(stay.entered_at as date)') }} = entered_day.date
),

paused_before as (
    select
        timed.dossier_code,
        timed.step_position,
        sum(greatest(0, least(pause.ended_minute, timed.entered_minute) - pause.began_minute)) as minutes
    from timed
    inner join {{ ref('int_dossier_pause_span') }} as pause on timed.dossier_code = pause.case_key
    group by timed.dossier_code, timed.step_position
)

select
    timed.dossier_code,
    timed.step_position,
    timed.stage_code,
    timed.stage_name,
    timed.unit,
    timed.entered_at,
    cast(timed.entered_at as date) as entered_on,
    timed.entered_minute - timed.received_minute - coalesce(paused_before.minutes, 0) as entered_spent
from timed
left join paused_before
    on timed.dossier_code = paused_before.dossier_code and timed.step_position = paused_before.step_position
