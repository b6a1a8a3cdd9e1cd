with versions as (
    select
        *,
        lag(valid_from) over (partition by procedure_code order by valid_from) as previous_from,
        lead(valid_from) over (partition by procedure_code order by valid_from) as next_from
    from {{ ref('procedure') }}
)

-- Every code answers on every day: the first version reaches back, each lasts until the next begins, the last
-- goes on. A dossier filed under a code out of force still has its procedure's name and field.
select
    procedure_code,
    procedure_name,
    field_code,
    field_name,
    online_level,
    time_limit,
    time_limit_unit,
    next_day_if_received_after,
    mountain_addition_working_days,
    is_land,
    case when previous_from is null then cast('0001-01-01' as date) else valid_from end as answers_from,
    coalesce({{ add_days('next_from', -1) }}, cast('9999-12-31' as date)) as answers_to
from versions
