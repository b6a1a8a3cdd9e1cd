{{ config(materialized='table') }}

-- What was open on each of the evenings, as exports up to that evening told: where it was, how long it had been there,
-- how much time its due date still left. While it is paused the clock stands, and so does the time that is left.
with open_then as (
    select
        cutoff.cutoff_on,
        cutoff.is_today,
        cutoff.cutoff_minute,
        dossier.*
    from {{ ref('int_risk_dossier') }} as dossier
    cross join {{ ref('int_risk_cutoff') }} as cutoff
    where
        dossier.received_on <= cutoff.cutoff_on
        and (dossier.closed_on is null or (not cutoff.is_today and dossier.closed_seen_on > cutoff.cutoff_on))
),

version_by_then as (
    select
        open_then.cutoff_on,
        open_then.dossier_code,
        version.due_at,
        version.state,
        row_number() over (
            partition by open_then.cutoff_on, open_then.dossier_code order by version.version_key desc
        ) as place
    from open_then
    inner join {{ ref('int_dossier_version') }} as version on open_then.dossier_code = version.dossier_code
    where not open_then.is_today and version.export_date <= open_then.cutoff_on
),

as_exported as (
    select
        cutoff_on,
        dossier_code,
        due_at,
        state = 'paused' as is_paused
    from version_by_then
    where place = 1
    union all
    select
        cutoff.cutoff_on,
        dossier.dossier_code,
        dossier.due_at,
        dossier.state = 'paused' as is_paused
    from {{ ref('fct_dossier') }} as dossier
    cross join {{ ref('int_risk_cutoff') }} as cutoff
    where cutoff.is_today and dossier.is_open
),

paused_by_then as (
    select
        open_then.cutoff_on,
        open_then.dossier_code,
        sum(greatest(0, least(pause.ended_minute, open_then.cutoff_minute) - pause.began_minute)) as minutes,
        max(case when pause.ended_minute >= open_then.cutoff_minute then pause.began_minute end) as stands_since
    from open_then
    inner join {{ ref('int_dossier_pause_span') }} as pause on open_then.dossier_code = pause.case_key
    where pause.began_minute < open_then.cutoff_minute
    group by open_then.cutoff_on, open_then.dossier_code
),

newest_stay as (
    select
        open_then.cutoff_on,
        open_then.dossier_code,
        max(stay.step_position) as step_position
    from open_then
    inner join {{ ref('int_risk_stay') }} as stay on open_then.dossier_code = stay.dossier_code
    where stay.entered_on <= open_then.cutoff_on
    group by open_then.cutoff_on, open_then.dossier_code
),

clocked as (
    select
        open_then.cutoff_on,
        open_then.is_today,
        open_then.cutoff_minute,
        open_then.dossier_code,
        open_then.procedure_code,
        open_then.field_code,
        as_exported.due_at,
        cast(as_exported.due_at as date) as due_on,
        as_exported.is_paused,
        open_then.cutoff_minute - open_then.received_minute - coalesce(paused_by_then.minutes, 0) as spent,
        coalesce(case when as_exported.is_paused then paused_by_then.stands_since end, open_then.cutoff_minute)
            as clock_minute,
        newest_stay.step_position
    from open_then
    inner join as_exported
        on open_then.cutoff_on = as_exported.cutoff_on and open_then.dossier_code = as_exported.dossier_code
    inner join newest_stay
        on open_then.cutoff_on = newest_stay.cutoff_on and open_then.dossier_code = newest_stay.dossier_code
    left join paused_by_then
        on open_then.cutoff_on = paused_by_then.cutoff_on and open_then.dossier_code = paused_by_then.dossier_code
),

due as (
    select
        clocked.*,
        {{ working_minutes_until(end_of_due('clocked.due_at'), 'due_day') }} as due_minute,
        -- By the rule of form II.06 the whole of the due day is in time.
        due_day.working_minutes_before + due_day.working_minutes as due_day_ends_minute
    from clocked
    left join {{ ref('int_calendar') }} as due_day on {{ within_calendar('clocked.due_on') }} = due_day.date
)

select
    due.cutoff_on,
    due.is_today,
    due.dossier_code,
    due.procedure_code,
    due.field_code,
    stay.unit,
    stay.stage_code,
    stay.stage_name,
    stay.entered_at as stage_entered_at,
    due.due_at,
    due.due_on,
    due.is_paused,
    due.spent,
    greatest(0, due.spent - stay.entered_spent) as minutes_in_stage,
    due.due_minute - due.clock_minute as minutes_left,
    due.due_day_ends_minute - due.clock_minute as minutes_to_end_of_due_day,
    coalesce(due.due_day_ends_minute <= due.clock_minute, false) as is_missed
from due
inner join {{ ref('int_risk_stay') }} as stay
    on due.dossier_code = stay.dossier_code and due.step_position = stay.step_position
