-- Only units that serve several communes hold up somebody else.
with step as (
    select
        stage_code,
        unit_type,
        unit_code,
        commune_code,
        entered_week,
        left_week
    from {{ ref('int_queue_step') }}
    where unit_code <> commune_code
),

change as (
    select
        stage_code,
        unit_type,
        unit_code,
        commune_code,
        entered_week as week_start,
        count(*) as change
    from step
    group by stage_code, unit_type, unit_code, commune_code, entered_week
    union all
    select
        stage_code,
        unit_type,
        unit_code,
        commune_code,
        left_week as week_start,
        -count(*) as change
    from step
    where left_week is not null
    group by stage_code, unit_type, unit_code, commune_code, left_week
),

first_weeks as (
    select min(week_start) as week_start
    from {{ ref('int_week') }}
),

folded as (
    select
        change.stage_code,
        change.unit_type,
        change.unit_code,
        change.commune_code,
        greatest(change.week_start, first_weeks.week_start) as week_start,
        sum(change.change) as change
    from change
    cross join first_weeks
    group by
        change.stage_code,
        change.unit_type,
        change.unit_code,
        change.commune_code,
        greatest(change.week_start, first_weeks.week_start)
),

pair as (
    select
        stage_code,
        unit_type,
        unit_code,
        commune_code,
        min(week_start) as first_week
    from folded
    group by stage_code, unit_type, unit_code, commune_code
),

running as (
    select
        pair.stage_code,
        pair.unit_type,
        pair.unit_code,
        pair.commune_code,
        week.week_start,
        sum(coalesce(folded.change, 0)) over (
            partition by pair.stage_code, pair.unit_type, pair.unit_code, pair.commune_code
            order by week.week_start rows unbounded preceding
        ) as waiting_at_end
    from pair
    cross join {{ ref('int_week') }} as week
    left join folded
        on
            pair.stage_code = folded.stage_code
            and pair.unit_type = folded.unit_type
            and pair.unit_code = folded.unit_code
            and pair.commune_code = folded.commune_code
            and week.week_start = folded.week_start
    where week.week_start >= pair.first_week
)

select
    running.stage_code as stage,
    queue.stage_name,
    running.unit_type,
    running.unit_code,
    queue.unit_name,
    running.commune_code,
    commune.commune_name,
    {{ iso_week('running.week_start') }} as week,
    running.week_start,
    cast(running.waiting_at_end as bigint) as waiting_at_end,
    running.waiting_at_end / cast(sum(running.waiting_at_end) over (
        partition by running.stage_code, running.unit_type, running.unit_code, running.week_start
    ) as double) as share,
    row_number() over (
        partition by running.stage_code, running.unit_type, running.unit_code, running.week_start
        order by running.waiting_at_end desc, running.commune_code asc
    ) as place,
    running.week_start = max(running.week_start) over () as is_latest
from running
inner join {{ ref('int_queue') }} as queue
    on
        running.stage_code = queue.stage_code
        and running.unit_type = queue.unit_type
        and running.unit_code = queue.unit_code
left join {{ ref('int_commune_spine') }} as commune on running.commune_code = commune.commune_code
where running.waiting_at_end > 0 and queue.is_unit_work
