-- Where dossiers mostly go from a queue: who has nothing to do while it stands.
with passed_on as (
    select
        previous_stage_code as stage_code,
        previous_unit_code as unit_code,
        stage_code as next_stage_code,
        unit_code as next_unit_code,
        max(stage_name) as next_stage_name,
        max(unit_name) as next_unit_name,
        count(*) as dossiers
    from {{ ref('fct_step') }}
    where previous_stage_code is not null and is_unit_work
    group by previous_stage_code, previous_unit_code, stage_code, unit_code
),

ordered as (
    select
        *,
        row_number() over (
            partition by stage_code, unit_code order by dossiers desc, next_stage_code asc, next_unit_code asc
        ) as place
    from passed_on
    where stage_code <> next_stage_code or unit_code <> next_unit_code
)

select
    stage_code,
    unit_code,
    next_stage_code,
    next_stage_name,
    next_unit_code,
    next_unit_name
from ordered
where place = 1
