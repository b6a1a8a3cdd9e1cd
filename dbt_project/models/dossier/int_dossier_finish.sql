with finished as (
    select
        dossier_code,
        commune_code,
        finished_at,
        first_seen_on as dossier_first_seen_on,
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
),

seen as (
    select
        finished.*,
        coalesce(finished_again.first_seen_on, finished.first_seen_finished_on) as first_seen_on
    from finished
    left join finished_again on finished.dossier_code = finished_again.dossier_code
),

first_export as (
    select
        entry.commune_code,
        min(entry.export_date) as exported_from
    from {{ ref('stg_delivery') }} as entry
    inner join {{ ref('int_delivery') }} as delivery on entry.delivery_id = delivery.delivery_id
    where entry.kind = 'hoso' and entry.rows_accepted > 0 and delivery.is_live
    group by entry.commune_code
)

-- What ended before its commune's first export could not be seen in time: the lag would measure the loading of
-- history, unless an export showed the dossier without that finish.
select
    seen.dossier_code,
    seen.first_seen_on
from seen
inner join first_export on seen.commune_code = first_export.commune_code
where
    cast(seen.finished_at as date) >= first_export.exported_from
    or seen.dossier_first_seen_on < seen.first_seen_on
