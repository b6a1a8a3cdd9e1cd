{{ config(materialized='table') }}

-- What became of every export that a commune owed, and of every other that came.
with arrivals as (
    select
        *,
        status <> 'rejected' and is_live as counts,
        -- In a file that counts for others, too: all that it held of this commune was faulty.
        status = 'rejected' and (is_live or is_newest) as fails,
        row_number() over (
            partition by commune_code, kind, export_date
            order by
                case when status <> 'rejected' and is_live then 0 when is_newest then 1 else 2 end,
                landing_seq desc,
                delivery_id desc
        ) as prominence,
        row_number() over (
            partition by commune_code, kind, export_date
            order by
                case when reason is not null and (is_live or is_newest) then 0 else 1 end,
                landing_seq desc,
                delivery_id desc
        ) as complaint
    from {{ ref('int_delivery_attributed') }}
),

summed as (
    select
        commune_code,
        kind,
        export_date,
        max(case when counts then 1 else 0 end) = 1 as is_accepted,
        max(case when counts and status = 'accepted_with_rejects' then 1 else 0 end) = 1 as has_rejects,
        min(case when status <> 'rejected' then arrived_at end) as first_accepted_at,
        min(arrived_at) as first_arrived_at,
        sum(case when counts then rows_read else 0 end) as rows_read,
        sum(case when counts then rows_accepted else 0 end) as rows_accepted,
        sum(case when counts then rows_rejected else 0 end) as rows_rejected,
        sum(case when fails then rows_read else 0 end) as rows_read_in_vain,
        sum(case when counts then times_accepted - 1 else 0 end) as corrections,
        max(case when prominence = 1 then landed_at end) as landed_at,
        max(case when prominence = 1 then file_name end) as file_name,
        max(case when prominence = 1 then sha256 end) as sha256,
        max(case when prominence = 1 then unknown_columns end) as unknown_columns,
        max(case when prominence = 1 then lines_left_out end) as lines_left_out,
        max(case when prominence = 1 then left_out end) as left_out,
        max(case when complaint = 1 and (counts or fails) then reason end) as reason
    from arrivals
    group by commune_code, kind, export_date
    -- A commune that a province-wide correction no longer holds has sent nothing.
    having max(case when counts or fails then 1 else 0 end) = 1
),

-- Punctuality is judged from the day on which this installation first took files in. What was filed for the days
-- before it, after that day, is history loaded in bulk: when it was due nobody was there to receive it.
watch as (
    select min(cast(landed_at as date)) as began_on
    from arrivals
),

timed as (
    select
        summed.*,
        summed.is_accepted
        and (
            summed.first_accepted_at <= {{ cutoff_of('summed.export_date') }}
            or (summed.export_date < watch.began_on and cast(summed.first_accepted_at as date) >= watch.began_on)
        ) as is_punctual
    from summed
    cross join watch
),

judged as (
    select
        *,
        case
            when is_accepted and not is_punctual then 'late'
            when is_accepted and has_rejects then 'accepted_with_rejects'
            when is_accepted then 'accepted'
            else 'rejected'
        end as status
    from timed
)

select
    coalesce(expected.commune_code, judged.commune_code) as commune_code,
    coalesce(expected.kind, judged.kind) as kind,
    coalesce(expected.export_date, judged.export_date) as export_date,
    coalesce(judged.status, 'missing') as status,
    expected.commune_code is not null as is_expected,
    coalesce(judged.is_punctual, false) as is_on_time,
    coalesce(judged.first_accepted_at, judged.first_arrived_at) as arrived_at,
    judged.landed_at,
    judged.file_name,
    judged.sha256,
    cast(
        coalesce(case when judged.is_accepted then judged.rows_read else judged.rows_read_in_vain end, 0) as bigint
    ) as rows_read,
    cast(coalesce(judged.rows_accepted, 0) as bigint) as rows_accepted,
    cast(
        coalesce(
            case when judged.is_accepted then judged.rows_rejected else judged.rows_read_in_vain end, 0
        ) as bigint
    ) as rows_rejected,
    judged.reason,
    judged.unknown_columns,
    cast(coalesce(judged.lines_left_out, 0) as bigint) as lines_left_out,
    judged.left_out,
    cast(coalesce(judged.corrections, 0) as integer) as corrections
from {{ ref('int_expected_export') }} as expected
full outer join judged
    on
        expected.commune_code = judged.commune_code
        and expected.kind = judged.kind
        and expected.export_date = judged.export_date
