-- A dossier waits in one queue: those waiting on the day of the data are the open counted steps that have begun.
with waiting as (
    select
        stage as stage_code,
        unit_type,
        unit_code,
        sum(waiting_at_end) as waiting
    from {{ ref('stage_queue_week') }}
    where is_latest
    group by stage, unit_type, unit_code
),

open_step as (
    select
        stage_code,
        unit_type,
        unit_code,
        count(*) as steps
    from {{ ref('fct_step') }}
    where
        is_counted
        and is_open
        and date_trunc('week', started_at) <= date_trunc('week', {{ as_of_date() }})
    group by stage_code, unit_type, unit_code
)

select
    coalesce(waiting.stage_code, open_step.stage_code) as stage_code,
    coalesce(waiting.unit_code, open_step.unit_code) as unit_code,
    waiting.waiting,
    open_step.steps
from waiting
full outer join open_step
    on
        waiting.stage_code = open_step.stage_code
        and waiting.unit_type = open_step.unit_type
        and waiting.unit_code = open_step.unit_code
where coalesce(waiting.waiting, 0) <> coalesce(open_step.steps, 0)
