-- Pauses that ended and that the newest version of a dossier does not tell: earlier ones of several supplements, and
-- waits that no column dates (for a payment, or stopped), as exports showed them come and go.
with repeated_supplement as (
    select
        version.dossier_code,
        version.supplement_asked_at as began_at,
        max_by(version.supplement_received_at, version.version_key) as ended_at
    from {{ ref('int_dossier') }} as dossier
    inner join {{ ref('int_dossier_version') }} as version on dossier.dossier_code = version.dossier_code
    where dossier.times_supplemented > 1 and version.supplement_received_at > version.supplement_asked_at
    group by version.dossier_code, version.supplement_asked_at
),

waiting_dossier as (
    select distinct dossier_code
    from {{ ref('int_dossier_version') }}
    where state = 'paused' and status_code <> 5
),

shown as (
    select
        version.dossier_code,
        version.version_key,
        version.received_at,
        version.state = 'paused' and version.status_code <> 5 as is_waiting,
        case
            when cast(version.updated_at as date) <= version.export_date then version.updated_at
            else cast(version.export_date as timestamp)
        end as changed_at,
        lag(version.state = 'paused' and version.status_code <> 5) over so_far as was_waiting,
        lag(version.export_date) over so_far as previous_export_date
    from {{ ref('int_dossier_version') }} as version
    inner join waiting_dossier on version.dossier_code = waiting_dossier.dossier_code
    window so_far as (partition by version.dossier_code order by version.version_key)
),

-- Never seen to run before, it has waited since its reception; it waited at least until the last export that says so.
turned as (
    select
        dossier_code,
        version_key,
        is_waiting,
        case
            when was_waiting is null then received_at
            when was_waiting then greatest(changed_at, cast(previous_export_date as timestamp))
            else changed_at
        end as turned_at
    from shown
    where was_waiting is null or was_waiting <> is_waiting
),

waited as (
    select
        dossier_code,
        is_waiting,
        turned_at as began_at,
        lead(turned_at) over (partition by dossier_code order by version_key) as ended_at
    from turned
)

select
    dossier_code,
    began_at,
    ended_at
from repeated_supplement
union all
select
    dossier_code,
    began_at,
    ended_at
from waited
where is_waiting and ended_at is not null
