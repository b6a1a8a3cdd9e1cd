select
    dossier_code,
    commune_code,
    step_position,
    step_number,
    stage,
    stage_code,
    stage_name,
    is_stage_mapped,
    is_unit_work,
    department,
    held_by_type as unit_type,
    unit_code,
    unit_name,
    is_branch_known,
    started_at,
    ended_at,
    due_at,
    case when not is_ended_before_started then (stop_minute - start_minute) / 60.0 end as working_hours,
    -- The step's own due time, else what the stage may take.
    case
        when is_unit_work
            then
                coalesce(
                    case when due_minute is not null then greatest(0, due_minute - start_minute) / 60.0 end,
                    limit_working_hours
                )
    end as limit_working_hours,
    waiting_minutes / 60.0 as waiting_hours,
    overlap_minutes / 60.0 as overlap_hours,
    case
        when coalesce(waiting_minutes, 0) = 0 then null
        when step_position > coalesce(previous_position, 0) + 1 then 'step_left_out'
        when previous_position is null then 'before_first_step'
        else 'between_steps'
    end as waiting_reason,
    is_open,
    coalesce(stopped_at > due_until, false) as is_late,
    is_counted,
    is_inferred,
    is_rework,
    coalesce(previous_unit_code <> unit_code, false) as is_handover,
    previous_stage_code,
    previous_unit_code,
    is_newest and not is_open and is_of_open_dossier as is_dossier_unattended,
    export_date
from {{ ref('int_step_measured') }}
