{{ config(materialized='table') }}

-- All pauses of a dossier that exports tell, between its reception and the stop of its clock, in running working
-- minutes.
with pause as (
    select
        dossier_code,
        pause_began_at as began_at,
        pause_ended_at as ended_at
    from {{ ref('int_dossier') }}
    where pause_began_at is not null
    union all
    select
        dossier_code,
        began_at,
        ended_at
    from {{ ref('int_dossier_past_pause') }}
),

clipped as (
    select
        dossier.dossier_code as case_key,
        greatest(pause.began_at, dossier.received_at) as began_at,
        least(coalesce(pause.ended_at, dossier.clock_stops_at), dossier.clock_stops_at) as ended_at
    from pause
    inner join {{ ref('int_dossier') }} as dossier on pause.dossier_code = dossier.dossier_code
    where dossier.received_on is not null
),

separate as (
    {{ pauses_in_minutes('clipped') }}
)

select
    case_key,
    began_minute,
    ended_minute
from separate
