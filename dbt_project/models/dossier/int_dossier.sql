{{ config(materialized='table') }}

with newest as (
    select
        version.dossier_code,
        version.commune_code,
        version.procedure_code,
        version.procedure_name,
        version.field_code,
        version.field_name,
        version.service_site,
        version.resolving_unit,
        version.resolving_unit_type,
        version.channel_code,
        version.submitted_at,
        version.received_at,
        version.due_at,
        version.previous_due_at,
        -- The finish is the end of processing; where only the handing over of the result is known, that.
        case
            when version.state = 'finished' then coalesce(version.finished_at, version.returned_at)
            else version.finished_at
        end as finished_at,
        version.returned_at,
        version.status_code,
        version.state,
        version.supplement_asked_at,
        version.supplement_received_at,
        version.times_supplemented,
        version.fee_amount,
        version.online_payment_code,
        version.component_count,
        version.digitised_component_count,
        version.has_digitised_component,
        version.has_reused_component,
        version.has_e_result,
        version.vneid_verified,
        version.outside_territory,
        version.apology_sent,
        coalesce(version.source_system, origin.source_system_by_number) as source_system,
        origin.is_in_both_systems,
        version.updated_at,
        history.first_seen_on,
        history.last_seen_on,
        history.first_seen_finished_on,
        history.earliest_due_on,
        history.latest_due_on,
        pause.first_seen_paused_on,
        case
            when cast(version.received_at as date) <= {{ as_of_date() }} then cast(version.received_at as date)
        end as received_on,
        cast(version.due_at as date) as due_on,
        {{ end_of_due('version.due_at') }} as due_until,
        case
            when version.state in ('finished', 'withdrawn', 'refused')
                then coalesce(
                    version.finished_at,
                    version.returned_at,
                    version.refused_at,
                    version.updated_at,
                    cast(history.first_seen_closed_on as timestamp)
                )
        end as ended_at
    from {{ ref('int_dossier_version') }} as version
    inner join {{ ref('int_dossier_history') }} as history
        on version.dossier_code = history.dossier_code and version.version_key = history.newest_version_key
    left join {{ ref('int_dossier_source') }} as origin on version.dossier_code = origin.dossier_code
    left join {{ ref('int_dossier_pause') }} as pause on version.dossier_code = pause.dossier_code
),

with_end as (
    select
        *,
        case
            when received_on is not null and cast(ended_at as date) <= {{ as_of_date() }}
                then greatest(cast(ended_at as date), received_on)
        end as closed_on
    from newest
),

with_pause as (
    select
        *,
        received_on is not null and closed_on is null as is_open,
        case
            when state = 'paused' and status_code = 5 and supplement_asked_at is not null then supplement_asked_at
            -- No column dates the other pauses. Never seen to run, it has been paused for all that is known.
            when state = 'paused' and first_seen_paused_on is null then received_at
            when state = 'paused' and cast(updated_at as date) <= first_seen_paused_on then updated_at
            when state = 'paused' then cast(first_seen_paused_on as timestamp)
            when supplement_received_at > supplement_asked_at then supplement_asked_at
        end as pause_began_at,
        case
            when state <> 'paused' and supplement_received_at > supplement_asked_at then supplement_received_at
        end as pause_ended_at
    from with_end
),

with_pause_days as (
    select
        *,
        case
            when received_on is not null and pause_began_at is not null
                then least(greatest(cast(pause_began_at as date), received_on), {{ as_of_date() }})
        end as pause_from,
        case
            when received_on is not null and pause_ended_at is not null
                then least(
                    greatest(cast(pause_ended_at as date), received_on),
                    -- An end to come is none where the status says that it is over.
                    coalesce(closed_on, {{ as_of_date() }})
                )
        end as pause_until
    from with_pause
)

select
    *,
    -- Where the working time stops: at the end, and while there is none, at the cut-off of the day of the data.
    case when closed_on is not null then ended_at else {{ as_of_timestamp() }} end as clock_stops_at,
    case when pause_until is null or pause_from < pause_until then pause_from end as paused_from,
    case when pause_from < pause_until then pause_until end as paused_until
from with_pause_days
