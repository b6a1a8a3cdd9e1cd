-- What a record says against itself. Each doubt is one that its own dates and exports prove, and a hurried but honest
-- clerk would not raise.
with dossier as (
    select
        dossier.dossier_code,
        dossier.commune_code,
        dossier.state,
        dossier.received_at,
        dossier.received_on,
        dossier.closed_on,
        dossier.returned_at,
        dossier.finished_at,
        cast(date_trunc('minute', dossier.finished_at) as timestamp) as finished_minute,
        case
            when dossier.state = 'finished' then cast(date_trunc('minute', dossier.finished_at) as timestamp)
        end as batch_minute,
        -- A time of exactly midnight is a date without its hour.
        not {{ is_midnight('dossier.finished_at') }} as has_finish_time,
        history.newest_open_version_key is null as was_never_open,
        -- Two systems that disagree are no reopening.
        coalesce(
            history.newest_open_version_key > history.oldest_finished_version_key and not history.is_in_both_systems,
            false
        ) as was_reopened
    from {{ ref('int_dossier') }} as dossier
    inner join {{ ref('int_dossier_history') }} as history on dossier.dossier_code = history.dossier_code
    where dossier.received_on is not null
),

batch as (
    select
        dossier.commune_code,
        dossier.finished_minute
    from dossier
    inner join {{ ref('int_calendar') }} as calendar on dossier.closed_on = calendar.date
    inner join {{ ref('integrity_rule') }} as rule
        on {{ is_valid_on('dossier.closed_on', 'rule.valid_from', 'rule.valid_to') }}
    where
        dossier.state = 'finished'
        and dossier.has_finish_time
        and calendar.working_days_to_period_end < rule.period_end_working_days
    group by dossier.commune_code, dossier.finished_minute, rule.batch_from
    having count(*) >= rule.batch_from
),

-- Open, by its own dates, on the evening of an export after its reception, though no export ever showed it open. Rows
-- that were rejected meanwhile may have been the dossier's.
unseen as (
    select dossier.dossier_code
    from dossier
    inner join {{ ref('int_commune_export_day') }} as first_day
        on dossier.commune_code = first_day.commune_code and dossier.received_on = first_day.date
    inner join {{ ref('int_commune_export_day') }} as last_day
        on dossier.commune_code = last_day.commune_code and dossier.closed_on = last_day.date
    where
        dossier.state = 'finished'
        and dossier.was_never_open
        and last_day.exports_before > first_day.exports_before + first_day.exports_arrived
        and last_day.rejected_before = first_day.rejected_before
)

select
    dossier.dossier_code,
    batch.commune_code is not null as is_closed_in_bulk,
    unseen.dossier_code is not null as is_never_seen_open,
    dossier.was_reopened as is_reopened,
    -- A hand-over dated without its hour may lie after the finish of that day.
    coalesce(
        dossier.returned_at < dossier.finished_at
        and (
            cast(dossier.returned_at as date) < cast(dossier.finished_at as date)
            or not {{ is_midnight('dossier.returned_at') }}
        ),
        false
    ) as is_returned_before_finish,
    coalesce(
        coalesce(
            {{ limit_in_working_hours('granted.time_limit', 'granted.time_limit_unit') }},
            granted.time_limit * {{ var('hours_per_working_day') }}
        ) > {{ var('hours_per_working_day') }},
        false
    ) as is_limit_beyond_a_day,
    coalesce(
        dossier.has_finish_time
        and dossier.finished_minute = cast(date_trunc('minute', dossier.received_at) as timestamp),
        false
    ) as is_finished_at_once
from dossier
left join batch
    on
        dossier.commune_code = batch.commune_code
        and dossier.batch_minute = batch.finished_minute
left join unseen on dossier.dossier_code = unseen.dossier_code
left join {{ ref('int_dossier_limit') }} as granted on dossier.dossier_code = granted.case_key
