{{ config(materialized='table') }}

-- Dossiers that no step file names: their steps as exports showed their status. What no export showed did not happen:
-- a dossier first seen closed has one step, from its reception to its end. Handing over the result is not inferred.
with with_steps as (
    select distinct dossier_code
    from {{ ref('int_step') }}
),

dossier as (
    select
        dossier.dossier_code,
        dossier.commune_code,
        dossier.resolving_unit,
        coalesce(dossier.resolving_unit_type, 'xa') as resolving_unit_type,
        dossier.received_at,
        dossier.due_at,
        dossier.closed_on is null as is_open,
        greatest(dossier.clock_stops_at, dossier.received_at) as stops_at,
        dossier.last_seen_on
    from {{ ref('int_dossier') }} as dossier
    left join with_steps on dossier.dossier_code = with_steps.dossier_code
    where dossier.received_on is not null and with_steps.dossier_code is null
),

open_version as (
    select
        version.dossier_code,
        version.version_key,
        version.status_code,
        case
            when cast(version.updated_at as date) <= version.export_date then version.updated_at
            else cast(version.export_date as timestamp)
        end as changed_at,
        lag(version.status_code) over (
            partition by version.dossier_code order by version.version_key
        ) as previous_status_code
    from {{ ref('int_dossier_version') }} as version
    inner join dossier on version.dossier_code = dossier.dossier_code
    where version.state in ('in_process', 'paused')
),

status_change as (
    select
        dossier_code,
        version_key,
        status_code,
        -- At first sight received or in process, it has been so since its reception.
        case when previous_status_code is null and status_code in (2, 4) then null else changed_at end as status_since
    from open_version
    where previous_status_code is null or previous_status_code <> status_code
),

seen_open as (
    select distinct dossier_code
    from status_change
),

-- First seen waiting, it was in process before.
implied_start as (
    select dossier_code
    from status_change
    group by dossier_code
    having count(*) = count(status_since)
),

status_history as (
    select
        dossier_code,
        version_key,
        status_code,
        status_since
    from status_change
    union all
    select
        dossier_code,
        0 as version_key,
        4 as status_code,
        null as status_since
    from implied_start
),

started as (
    select
        status_history.dossier_code,
        status_history.version_key,
        status_history.status_code,
        -- Changes that exports date out of order happened one after the other all the same.
        max(
            least(
                greatest(coalesce(status_history.status_since, dossier.received_at), dossier.received_at),
                dossier.stops_at
            )
        ) over so_far as started_at
    from status_history
    inner join dossier on status_history.dossier_code = dossier.dossier_code
    window so_far as (
        partition by status_history.dossier_code order by status_history.version_key
        rows between unbounded preceding and current row
    )
),

followed as (
    select
        dossier_code,
        status_code,
        started_at,
        row_number() over by_version as step_position,
        lead(started_at) over by_version as next_started_at
    from started
    window by_version as (partition by dossier_code order by version_key)
),

-- Most dossiers are never seen open: they need no order.
step as (
    select
        dossier_code,
        status_code,
        started_at,
        step_position,
        next_started_at
    from followed
    union all
    select
        dossier.dossier_code,
        4 as status_code,
        dossier.received_at as started_at,
        1 as step_position,
        null as next_started_at
    from dossier
    left join seen_open on dossier.dossier_code = seen_open.dossier_code
    where seen_open.dossier_code is null
)

select
    step.dossier_code,
    dossier.commune_code,
    cast(step.step_position as integer) as step_position,
    named.stage_code as stage,
    case when named.unit_type = dossier.resolving_unit_type then dossier.resolving_unit end as department,
    named.unit_type,
    step.started_at,
    case
        when step.next_started_at is not null or not dossier.is_open
            then coalesce(step.next_started_at, dossier.stops_at)
    end as ended_at,
    dossier.due_at,
    step.step_position = 1 and step.next_started_at is null as is_only_step,
    step.next_started_at is null and dossier.is_open as is_open,
    coalesce(step.next_started_at, dossier.stops_at) as stopped_at,
    dossier.last_seen_on as export_date
from step
inner join dossier on step.dossier_code = dossier.dossier_code
inner join {{ ref('status_stage') }} as named
    on
        step.status_code = named.status_code
        and dossier.resolving_unit_type = named.resolving_unit_type
