{{ config(materialized='table') }}

-- Queues week by week: what came, went and waits, how long it took, what waited beyond its limit, and the flow of the
-- last weeks per working day.
{#- The linter knows no variables: it takes the defaults. -#}
{%- set rate_weeks = var('queue')['rate_weeks'] | int(1) %}
{%- set usual_from = rate_weeks + var('queue')['usual_weeks'] | int - 1 %}
{%- set recent = "rows between " ~ (rate_weeks - 1) ~ " preceding and current row" %}
{%- set usual = "rows between " ~ usual_from ~ " preceding and " ~ rate_weeks ~ " preceding" %}

with first_weeks as (
    select min(week_start) as week_start
    from {{ ref('int_week') }}
),

-- What came before the history stands in its first week.
entered as (
    select
        step.stage_code,
        step.unit_type,
        step.unit_code,
        greatest(step.entered_week, first_weeks.week_start) as week_start,
        count(*) as steps,
        sum(step.limit_minutes) as limit_minutes,
        count(step.limit_minutes) as limited_steps
    from {{ ref('int_queue_step') }} as step
    cross join first_weeks
    group by step.stage_code, step.unit_type, step.unit_code, greatest(step.entered_week, first_weeks.week_start)
),

gone as (
    select
        step.stage_code,
        step.unit_type,
        step.unit_code,
        greatest(step.left_week, first_weeks.week_start) as week_start,
        count(*) as steps,
        sum(case when step.is_late then 1 else 0 end) as late_steps,
        percentile_cont(0.5) within group (order by step.working_hours) as median_working_hours,
        percentile_cont(0.9) within group (order by step.working_hours) as p90_working_hours
    from {{ ref('int_queue_step') }} as step
    cross join first_weeks
    where step.left_week is not null
    group by step.stage_code, step.unit_type, step.unit_code, greatest(step.left_week, first_weeks.week_start)
),

over_limit as (
    select
        change.stage_code,
        change.unit_type,
        change.unit_code,
        greatest(change.week_start, first_weeks.week_start) as week_start,
        sum(change.change) as change,
        sum(change.minute_change) as minute_change
    from {{ ref('int_queue_over_limit') }} as change
    cross join first_weeks
    group by change.stage_code, change.unit_type, change.unit_code, greatest(change.week_start, first_weeks.week_start)
),

spine as (
    select
        queue.*,
        week.week_start,
        week.working_days,
        week.last_minute
    from {{ ref('int_queue') }} as queue
    cross join {{ ref('int_week') }} as week
    where week.week_start >= queue.first_week
),

counted as (
    select
        spine.*,
        coalesce(entered.steps, 0) as entered,
        coalesce(gone.steps, 0) as gone,
        coalesce(gone.late_steps, 0) as late,
        gone.median_working_hours,
        gone.p90_working_hours,
        coalesce(entered.limit_minutes, 0) as limit_minutes,
        coalesce(entered.limited_steps, 0) as limited_steps,
        coalesce(over_limit.change, 0) as over_limit_change,
        coalesce(over_limit.minute_change, 0) as over_limit_minute_change
    from spine
    {% for part in ['entered', 'gone', 'over_limit'] -%}
    left join {{ part }}
        on
            spine.stage_code = {{ part }}.stage_code
            and spine.unit_type = {{ part }}.unit_type
            and spine.unit_code = {{ part }}.unit_code
            and spine.week_start = {{ part }}.week_start
    {% endfor -%}
),

running as (
    select
        *,
        sum(entered - gone) over so_far as waiting_at_end,
        sum(over_limit_change) over so_far as over_limit_at_end,
        last_minute * sum(over_limit_change) over so_far - sum(over_limit_minute_change) over so_far
            as over_limit_minutes_so_far,
        cast(sum(limit_minutes) over so_far as double) / nullif(60 * sum(limited_steps) over so_far, 0)
            as mean_limit_hours,
        sum(entered) over recent as recent_entered,
        sum(gone) over recent as recent_left,
        sum(working_days) over recent as recent_working_days,
        sum(gone) over usual as usual_left,
        sum(working_days) over usual as usual_working_days,
        row_number() over so_far - 1 as weeks_before
    from counted
    window
        so_far as (
            partition by stage_code, unit_type, unit_code order by week_start rows unbounded preceding
        ),
        recent as (partition by stage_code, unit_type, unit_code order by week_start {{ recent }}),
        usual as (partition by stage_code, unit_type, unit_code order by week_start {{ usual }})
)

select
    stage_code,
    stage_name,
    unit_type,
    unit_code,
    unit_name,
    is_unit_work,
    is_branch_known,
    week_start,
    working_days,
    entered,
    gone,
    late,
    waiting_at_end,
    over_limit_at_end,
    median_working_hours,
    p90_working_hours,
    mean_limit_hours,
    (
        over_limit_minutes_so_far
        - coalesce(
            lag(over_limit_minutes_so_far) over (
                partition by stage_code, unit_type, unit_code order by week_start
            ),
            0
        )
    ) / 60.0 as hours_beyond_limit,
    weeks_before,
    recent_entered,
    recent_left,
    recent_working_days,
    recent_entered / cast(nullif(recent_working_days, 0) as double) as entered_per_day,
    recent_left / cast(nullif(recent_working_days, 0) as double) as left_per_day,
    usual_left / cast(nullif(usual_working_days, 0) as double) as usual_left_per_day
from running
