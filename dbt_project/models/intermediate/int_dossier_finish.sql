with finished as (
    select
        dossier_code,
        finished_at,
        first_seen_finished_on
    from {{ ref('int_dossier') }}
    where state = 'finished' and finished_at is not null
),

-- Seen finished before the finish that it has now: reopened, or the date was moved. Only these few need the look
-- through all versions for the export that first carried the present finish.
finished_again as (
    select
        finished.dossier_code,
        min(version.export_date) as first_seen_on
    from finished
    inner join {{ ref('int_dossier_version') }} as version
        on
            finished.dossier_code = version.dossier_code
            and finished.finished_at = coalesce(version.finished_at, version.returned_at)
    where
        finished.first_seen_finished_on < cast(finished.finished_at as date)
        and version.state = 'finished'
    group by finished.dossier_code
)

select
    finished.dossier_code,
    coalesce(finished_again.first_seen_on, finished.first_seen_finished_on) as first_seen_on
from finished
left join finished_again on finished.dossier_code = finished_again.dossier_code
