-- Evenings count: a dossier that comes and goes on one day is in process for none, in L and in W alike.
with flow as (
    select
        dimension,
        member,
        max(member_name) as member_name,
        cast(date_trunc('month', date) as date) as month_start,
        count(*) as days,
        sum(arrivals) as arrivals,
        sum(departures) as departures,
        avg(work_in_process) as mean_open,
        min_by(work_in_process - arrivals + departures, date) as open_before,
        max_by(work_in_process, date) as open_at_end
    from {{ ref('flow_cumulative_day') }}
    group by dimension, member, date_trunc('month', date)
),

closed as (
    select
        dimension,
        member,
        cast(date_trunc('month', closed_on) as date) as month_start,
        avg({{ days_between('received_on', 'closed_on') }}) as mean_days
    from {{ ref('int_dossier_member') }}
    where closed_on is not null
    group by dimension, member, date_trunc('month', closed_on)
),

compared as (
    select
        flow.*,
        closed.mean_days,
        flow.arrivals / cast(flow.days as double) as arrivals_per_day,
        flow.arrivals / cast(flow.days as double) * closed.mean_days as expected_open
    from flow
    left join closed
        on
            flow.dimension = closed.dimension
            and flow.member = closed.member
            and flow.month_start = closed.month_start
),

judged as (
    select
        *,
        (mean_open - expected_open) / nullif(mean_open, 0) as gap_share,
        coalesce(
            month_start < date_trunc('month', {{ as_of_date() }})
            and departures >= {{ var('littles_law')['least_departures'] }}
            and abs(open_at_end - open_before) <= {{ var('littles_law')['steady_share'] }} * mean_open,
            false
        ) as is_steady
    from compared
)

select
    dimension,
    member,
    member_name,
    case when dimension = 'commune' then member end as commune_code,
    {{ year_month('month_start') }} as month,
    month_start,
    cast(days as integer) as days,
    cast(arrivals as bigint) as arrivals,
    cast(departures as bigint) as departures,
    mean_open,
    arrivals_per_day,
    mean_days,
    expected_open,
    mean_open - expected_open as gap,
    gap_share,
    is_steady,
    case when is_steady then abs(gap_share) <= {{ var('littles_law')['tolerance'] }} end as holds
from judged
