with today as (
    select *
    from {{ ref('int_risk_cutoff') }}
    where is_today
),

judged as (
    select
        still_open.*,
        today.high_from,
        today.listed_from,
        estimate.risk as estimated_risk,
        estimate.group_size,
        estimate.group_missed_share,
        {{ risk_group_name('estimate.level') }} as group_name,
        pace.typical_hours_left,
        after_stage.minutes_after,
        today.cutoff_minute,
        -- Whatever comes after the stage has to fit in as well.
        case
            when
                not still_open.is_paused and not still_open.is_missed
                and still_open.minutes_left > after_stage.minutes_after
                then cast(today.cutoff_minute + still_open.minutes_left - after_stage.minutes_after as bigint)
        end as leave_stage_minute
    from {{ ref('int_risk_open') }} as still_open
    inner join today on still_open.cutoff_on = today.cutoff_on
    left join {{ ref('int_risk_estimate') }} as estimate
        on still_open.cutoff_on = estimate.cutoff_on and still_open.dossier_code = estimate.dossier_code
    left join {{ ref('int_risk_pace') }} as pace on still_open.dossier_code = pace.dossier_code
    left join {{ ref('int_risk_after_stage') }} as after_stage
        on still_open.stage_code = after_stage.stage_code and still_open.procedure_code = after_stage.procedure_code
),

working_day as (
    select *
    from {{ ref('int_calendar') }}
    where is_working_day
),

numbered as (
    select
        judged.*,
        working_hour.working_day_number
        + case when judged.leave_stage_minute > working_hour.day_ends_at_minute then 1 else 0 end
            as leave_stage_day_number
    from judged
    left join {{ ref('int_working_hour') }} as working_hour
        on cast(floor((judged.leave_stage_minute - 1) / 60.0) as bigint) = working_hour.hour_number
),

named as (
    select
        dossier.dossier_code,
        dossier.commune_code,
        coalesce(commune.commune_name, dossier.commune_code) as commune_name,
        dossier.procedure_code,
        coalesce(dossier.procedure_name, dossier.procedure_code) as procedure_name,
        dossier.field_code,
        dossier.field_name,
        dossier.is_land,
        dossier.resolving_unit_type,
        dossier.resolving_unit,
        dossier.channel,
        numbered.stage_code as stage,
        numbered.stage_name,
        numbered.stage_entered_at,
        dossier.received_at,
        dossier.due_at,
        dossier.is_overdue,
        numbered.is_paused,
        numbered.is_missed,
        numbered.minutes_left / 60.0 as working_hours_left,
        greatest(0, numbered.minutes_to_end_of_due_day) / 60.0 as working_hours_to_end_of_due_day,
        numbered.minutes_in_stage / 60.0 as working_hours_in_stage,
        case when numbered.is_missed then 1.0 else numbered.estimated_risk end as risk,
        numbered.high_from,
        numbered.listed_from,
        numbered.group_name,
        numbered.group_size,
        numbered.group_missed_share,
        cast(numbered.typical_hours_left as double) as typical_hours_left,
        cast(numbered.minutes_after / 60.0 as double) as typical_hours_after_stage,
        case
            when numbered.leave_stage_minute is not null
                then {{ instant_of_minute('numbered.leave_stage_minute', 'leave_day') }}
        end as leave_stage_by
    from numbered
    inner join {{ ref('fct_dossier') }} as dossier on numbered.dossier_code = dossier.dossier_code
    left join {{ ref('dim_commune') }} as commune
        on dossier.commune_code = commune.commune_code and commune.is_current
    left join working_day as leave_day on numbered.leave_stage_day_number = leave_day.working_day_number
),

with_light as (
    select
        *,
        case
            when risk is null then 'grey'
            when is_missed or risk > high_from then 'red'
            when risk > listed_from then 'yellow'
            else 'green'
        end as light
    from named
)

select
    with_light.dossier_code,
    with_light.commune_code,
    with_light.commune_name,
    with_light.procedure_code,
    with_light.procedure_name,
    with_light.field_code,
    with_light.field_name,
    with_light.is_land,
    with_light.resolving_unit_type,
    with_light.resolving_unit,
    with_light.channel,
    with_light.stage,
    with_light.stage_name,
    with_light.stage_entered_at,
    with_light.received_at,
    with_light.due_at,
    with_light.is_overdue,
    with_light.is_paused,
    cast(with_light.working_hours_left as double) as working_hours_left,
    cast(with_light.working_hours_to_end_of_due_day as double) as working_hours_to_end_of_due_day,
    cast(with_light.working_hours_to_end_of_due_day / {{ var('hours_per_working_day') }} as double)
        as working_days_to_end_of_due_day,
    cast(with_light.working_hours_in_stage as double) as working_hours_in_stage,
    cast(with_light.risk as double) as risk,
    with_light.light,
    case
        when with_light.due_at is null then 'not_applicable'
        when with_light.risk is null then 'too_few'
    end as grey_reason,
    case
        when with_light.is_overdue then 'Đã quá hạn'
        when with_light.is_missed then 'Đã hết giờ'
        when with_light.light = 'red' then 'Nguy cơ cao'
        when with_light.light = 'yellow' then 'Cần theo dõi'
        when with_light.light = 'green' then 'Nguy cơ thấp'
        else 'Chưa ước lượng được'
    end as risk_name,
    coalesce(with_light.light in ('red', 'yellow'), false) as is_listed,
    with_light.group_name,
    with_light.group_size,
    cast(with_light.group_missed_share as double) as group_missed_share,
    with_light.typical_hours_left,
    with_light.typical_hours_after_stage,
    with_light.leave_stage_by,
    {{ risk_reason('with_light') }} as reason,
    {{ risk_rescue('with_light') }} as rescue
from with_light
