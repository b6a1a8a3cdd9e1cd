{{ config(materialized='table') }}

with live as (
    select
        version.*,
        {{ version_key('delivery', 'version') }} as version_key
    from {{ ref('stg_phananh_version') }} as version
    inner join {{ ref('int_delivery') }} as delivery on version.delivery_id = delivery.delivery_id
    where delivery.is_live
),

newest as (
    select
        petition_code,
        max(version_key) as version_key
    from live
    group by petition_code
)

-- What carries no due date falls due on the last working day of the limit that was in force when it came.
select
    live.petition_code,
    live.petition_kind,
    live.commune_code,
    live.dossier_code,
    live.received_at,
    coalesce(live.due_at, cast(limit_day.date as timestamp)) as due_at,
    live.due_at is null and limit_day.date is not null as is_due_by_limit,
    live.handled_at,
    live.classification,
    live.satisfaction,
    live.intake_channel,
    live.export_date
from live
inner join newest on live.petition_code = newest.petition_code and live.version_key = newest.version_key
left join {{ ref('petition_limit') }} as petition_limit
    on
        live.petition_kind = petition_limit.petition_kind
        and {{ is_valid_on('cast(live.received_at as date)', 'petition_limit.valid_from', 'petition_limit.valid_to') }}
left join {{ ref('int_calendar') }} as received_day
    on {{ within_calendar('cast(live.received_at as date)') }} = received_day.date
left join {{ ref('int_calendar') }} as limit_day
    on
        received_day.working_day_number + petition_limit.limit_working_days = limit_day.working_day_number
        and limit_day.is_working_day
