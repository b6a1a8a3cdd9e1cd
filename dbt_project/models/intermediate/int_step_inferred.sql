{{ config(materialized='table') }}

-- Dossiers that no step file names: their way as exports showed their status. What no export showed did not happen:
-- a dossier first seen closed has one step, from its reception to its end. Handing over the result is not inferred.
with told as (
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
    left join told on dossier.dossier_code = told.dossier_code
    where dossier.received_on is not null and told.dossier_code is null
),

shown as (
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

turn as (
    select
        dossier_code,
        version_key,
        status_code,
        -- At first sight received or in process, it has been so since its reception.
        case when previous_status_code is null and status_code in (2, 4) then null else changed_at end as turned_at
    from shown
    where previous_status_code is null or previous_status_code <> status_code
),

known_from_the_start as (
    select dossier_code
    from turn
    where turned_at is null
),

way as (
    select
        dossier_code,
        version_key,
        status_code,
        turned_at
    from turn
    union all
    select
        dossier.dossier_code,
        0 as version_key,
        4 as status_code,
        null as turned_at
    from dossier
    left join known_from_the_start as known on dossier.dossier_code = known.dossier_code
    where known.dossier_code is null
),

placed as (
    select
        way.dossier_code,
        way.version_key,
        way.status_code,
        dossier.commune_code,
        dossier.resolving_unit,
        dossier.resolving_unit_type,
        dossier.due_at,
        dossier.is_open,
        dossier.stops_at,
        dossier.last_seen_on,
        -- Changes that exports date out of order happened one after the other all the same.
        max(least(greatest(coalesce(way.turned_at, dossier.received_at), dossier.received_at), dossier.stops_at))
            over so_far as started_at
    from way
    inner join dossier on way.dossier_code = dossier.dossier_code
    window so_far as (
        partition by way.dossier_code order by way.version_key
        rows between unbounded preceding and current row
    )
),

followed as (
    select
        *,
        row_number() over by_turn as step_position,
        lead(started_at) over by_turn as next_started_at
    from placed
    window by_turn as (partition by dossier_code order by version_key)
)

select
    followed.dossier_code,
    followed.commune_code,
    cast(followed.step_position as integer) as step_position,
    named.stage_code as stage,
    case when named.unit_type = followed.resolving_unit_type then followed.resolving_unit end as department,
    named.unit_type,
    followed.started_at,
    case
        when followed.next_started_at is not null or not followed.is_open
            then coalesce(followed.next_started_at, followed.stops_at)
    end as ended_at,
    followed.due_at,
    followed.next_started_at is null and followed.is_open as is_open,
    coalesce(followed.next_started_at, followed.stops_at) as stopped_at,
    followed.last_seen_on as export_date
from followed
inner join {{ ref('status_stage') }} as named
    on
        followed.status_code = named.status_code
        and followed.resolving_unit_type = named.resolving_unit_type
