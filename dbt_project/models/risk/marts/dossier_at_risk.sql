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

lit as (
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
    lit.dossier_code,
    lit.commune_code,
    lit.commune_name,
    lit.procedure_code,
    lit.procedure_name,
    lit.field_code,
    lit.field_name,
    lit.is_land,
    lit.resolving_unit_type,
    lit.resolving_unit,
    lit.channel,
    lit.stage,
    lit.stage_name,
    lit.stage_entered_at,
    lit.received_at,
    lit.due_at,
    lit.is_overdue,
    lit.is_paused,
    cast(lit.working_hours_left as double) as working_hours_left,
    cast(lit.working_hours_to_end_of_due_day as double) as working_hours_to_end_of_due_day,
    cast(lit.working_hours_to_end_of_due_day / {{ var('hours_per_working_day') }} as double)
        as working_days_to_end_of_due_day,
    cast(lit.working_hours_in_stage as double) as working_hours_in_stage,
    cast(lit.risk as double) as risk,
    lit.light,
    case
        when lit.due_at is null then 'not_applicable'
        when lit.risk is null then 'too_few'
    end as grey_reason,
    case
        when lit.is_overdue then 'Đã quá hạn'
        when lit.is_missed then 'Đã hết giờ'
        when lit.light = 'red' then 'Nguy cơ cao'
        when lit.light = 'yellow' then 'Cần theo dõi'
        when lit.light = 'green' then 'Nguy cơ thấp'
        else 'Chưa ước lượng được'
    end as risk_name,
    coalesce(lit.light in ('red', 'yellow'), false) as is_listed,
    lit.group_name,
    lit.group_size,
    cast(lit.group_missed_share as double) as group_missed_share,
    lit.typical_hours_left,
    lit.typical_hours_after_stage,
    lit.leave_stage_by,
    {{ risk_reason('lit') }} as reason,
    {{ risk_rescue('lit') }} as rescue
from lit
