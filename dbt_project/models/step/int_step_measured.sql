-- All steps, sent and inferred, with stage, unit and running working minutes, and each counted one beside those
-- counted before it: what it waited, what it repeats.
with step as (
    select
        dossier_code,
        commune_code,
        step_position,
        step_number,
        stage,
        department,
        unit_type,
        started_at,
        ended_at,
        stopped_at,
        due_at,
        is_open,
        is_ended_before_started,
        -- Counting a step twice, or one that cannot be, would count its time twice.
        not is_ended_before_started
        and not is_repeated
        and not is_out_of_order
        and not is_open_twice
        and not is_of_unknown_dossier as is_counted,
        false as is_only_step,
        is_inferred,
        export_date
    from {{ ref('int_step') }}
    union all
    select
        dossier_code,
        commune_code,
        step_position,
        step_position as step_number,
        stage,
        department,
        unit_type,
        started_at,
        ended_at,
        stopped_at,
        due_at,
        is_open,
        false as is_ended_before_started,
        true as is_counted,
        is_only_step,
        true as is_inferred,
        export_date
    from {{ ref('int_step_inferred') }}
),

named as (
    select
        step.*,
        coalesce(stage.stage_code, step.stage) as stage_code,
        coalesce(stage.stage_name, step.stage) as stage_name,
        stage.stage_code is not null as is_stage_mapped,
        coalesce(stage.is_unit_work, true) as is_unit_work,
        coalesce(step.unit_type, stage.unit_type, 'khac') as held_by_type,
        {{ end_of_due('step.due_at') }} as due_until,
        stage_limit.limit_working_hours
    from step
    left join {{ ref('stage_text') }} as spelling on lower(step.stage) = spelling.stage_text
    left join {{ ref('stage') }} as stage on coalesce(spelling.stage_code, lower(step.stage)) = stage.stage_code
    left join {{ ref('stage_limit') }} as stage_limit
        on
            stage.stage_code = stage_limit.stage_code
            and {{ is_valid_on('cast(step.started_at as date)', 'stage_limit.valid_from', 'stage_limit.valid_to') }}
),

placed as (
    select
        named.*,
        unit.branch_code as named_branch_code,
        unit.branch_name as named_branch_name,
        serving.branch_code as serving_branch_code,
        serving.branch_name as serving_branch_name,
        named.department is null or (unit.unit_text is not null and unit.branch_code is null) as is_any_branch
    from named
    left join {{ ref('int_branch_text') }} as unit
        on
            named.held_by_type = unit.unit_type
            and lower(named.department) = unit.unit_text
    left join {{ ref('int_branch_commune') }} as serving
        on
            named.commune_code = serving.commune_code
            and named.held_by_type = serving.unit_type
            and cast(named.started_at as date) between serving.valid_from and serving.valid_to
),

timed as (
    select
        placed.*,
        case
            when placed.named_branch_code is not null then placed.named_branch_code
            when placed.held_by_type in ('vpdk', 'thue')
                then
                    coalesce(
                        case when placed.is_any_branch then placed.serving_branch_code else placed.department end,
                        placed.commune_code
                    )
            when placed.held_by_type = 'so' then coalesce(placed.department, 'so')
            else placed.commune_code
        end as unit_code,
        case
            when placed.named_branch_code is not null then placed.named_branch_name
            when placed.held_by_type in ('vpdk', 'thue')
                then
                    coalesce(
                        case when placed.is_any_branch then placed.serving_branch_name else placed.department end,
                        'Chưa rõ chi nhánh phục vụ ' || coalesce(commune.commune_name, placed.commune_code)
                    )
            when placed.held_by_type = 'so' then coalesce(placed.department, 'Sở, ngành')
            else coalesce(commune.commune_name, placed.commune_code)
        end as unit_name,
        placed.named_branch_code is not null
        or (placed.held_by_type in ('vpdk', 'thue') and placed.is_any_branch and placed.serving_branch_code is not null)
            as is_branch_known,
        coalesce(dossier.closed_on is null, false) as is_of_open_dossier,
        {{ working_minutes_until('placed.started_at', 'start_day') }} as start_minute,
        -- What ended before it started takes no time.
        greatest(
            {{ working_minutes_until('placed.stopped_at', 'stop_day') }},
            {{ working_minutes_until('placed.started_at', 'start_day') }}
        ) as stop_minute,
        {{ working_minutes_until('placed.due_until', 'due_day') }} as due_minute,
        {{ working_minutes_until('dossier.received_at', 'received_day') }} as received_minute
    from placed
    left join {{ ref('int_commune_spine') }} as commune on placed.commune_code = commune.commune_code
    left join {{ ref('int_dossier') }} as dossier on placed.dossier_code = dossier.dossier_code
    left join {{ ref('int_calendar') }} as start_day
        on {{ within_calendar('cast(placed.started_at as date)') }} = start_day.date
    left join {{ ref('int_calendar') }} as stop_day
        on {{ within_calendar('cast(placed.stopped_at as date)') }} = stop_day.date
    left join {{ ref('int_calendar') }} as due_day
        on {{ within_calendar('cast(placed.due_until as date)') }} = due_day.date
    left join {{ ref('int_calendar') }} as received_day
        on {{ within_calendar('cast(dossier.received_at as date)') }} = received_day.date
),

-- Counted steps follow one another; between two whose places are not neighbours lies one that is left out. Most
-- dossiers have one inferred step and need no order.
followed as (
    select
        dossier_code,
        step_position,
        max(stop_minute) over (
            partition by dossier_code order by step_position rows between unbounded preceding and 1 preceding
        ) as covered_until_minute,
        lag(step_position) over by_place as previous_position,
        lag(stage_code) over by_place as previous_stage_code,
        lag(unit_code) over by_place as previous_unit_code,
        lead(step_position) over by_place is null as is_newest
    from timed
    where is_counted and not is_only_step
    window by_place as (partition by dossier_code order by step_position)
),

revisited as (
    select
        dossier_code,
        stage_code,
        min(step_position) as first_position
    from timed
    where is_counted and not is_only_step
    group by dossier_code, stage_code
    having count(*) > 1
)

select
    timed.dossier_code,
    timed.commune_code,
    timed.step_position,
    timed.step_number,
    timed.stage,
    timed.stage_code,
    timed.stage_name,
    timed.is_stage_mapped,
    timed.is_unit_work,
    timed.department,
    timed.held_by_type,
    timed.unit_code,
    timed.unit_name,
    timed.is_branch_known,
    timed.started_at,
    timed.ended_at,
    timed.stopped_at,
    timed.due_at,
    timed.due_until,
    timed.limit_working_hours,
    timed.start_minute,
    timed.stop_minute,
    timed.due_minute,
    timed.is_open,
    timed.is_ended_before_started,
    timed.is_counted,
    timed.is_inferred,
    timed.is_of_open_dossier,
    timed.export_date,
    followed.previous_position,
    followed.previous_stage_code,
    followed.previous_unit_code,
    timed.is_only_step or coalesce(followed.is_newest, false) as is_newest,
    coalesce(timed.is_counted and timed.step_position > revisited.first_position, false) as is_rework,
    case
        when timed.is_counted
            then
                greatest(
                    0,
                    timed.start_minute
                    - coalesce(followed.covered_until_minute, timed.received_minute, timed.start_minute)
                )
    end as waiting_minutes,
    case
        when timed.is_counted
            then
                greatest(
                    0,
                    least(coalesce(followed.covered_until_minute, timed.start_minute), timed.stop_minute)
                    - timed.start_minute
                )
    end as overlap_minutes
from timed
left join followed
    on timed.dossier_code = followed.dossier_code and timed.step_position = followed.step_position
left join revisited
    on timed.dossier_code = revisited.dossier_code and timed.stage_code = revisited.stage_code
