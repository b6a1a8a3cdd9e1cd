with watched as (
    select
        *,
        coalesce(closed_on, {{ as_of_date() }}) as counted_to
    from {{ ref('fct_dossier') }}
    where is_open or (timeliness = 'late' and closed_on >= {{ add_months(as_of_date(), -2) }})
),

waiting_at as (
    select
        dossier_code,
        max(stage_name) as stage_name
    from {{ ref('fct_step') }}
    where is_open
    group by dossier_code
),

measured as (
    select
        watched.*,
        waiting_at.stage_name,
        cast(counted.working_day_number - due.working_day_number as integer) as working_days_late
    from watched
    left join waiting_at on watched.dossier_code = waiting_at.dossier_code
    left join {{ ref('int_calendar') }} as counted on watched.counted_to = counted.date
    left join {{ ref('int_calendar') }} as due on watched.due_on = due.date
),

judged as (
    select
        *,
        case
            when not is_open then 'finished_late'
            when is_overdue then 'overdue'
            when state = 'paused' then 'paused'
            when working_days_late >= -{{ var('due_soon_working_days') }} then 'due_soon'
            else 'in_time'
        end as watch_code
    from measured
)

select
    judged.dossier_code,
    judged.commune_code,
    commune.commune_name,
    judged.procedure_code,
    judged.procedure_name,
    judged.field_name,
    judged.is_land,
    judged.resolving_unit,
    judged.received_on,
    judged.due_on,
    judged.closed_on,
    judged.working_days_late,
    judged.watch_code,
    case judged.watch_code
        when 'overdue' then '■ Quá hạn'
        when 'due_soon' then '▲ Sắp đến hạn'
        when 'finished_late' then '■ Đã xong, quá hạn'
        when 'paused' then '– Tạm dừng'
        else '● Trong hạn'
    end as watch_name,
    case judged.watch_code
        when 'overdue' then 'red'
        when 'finished_late' then 'red'
        when 'due_soon' then 'yellow'
        when 'paused' then 'grey'
        else 'green'
    end as light,
    case judged.watch_code
        when 'overdue' then 1
        when 'due_soon' then 2
        when 'paused' then 3
        when 'in_time' then 4
        else 5
    end as watch_order,
    case
        when not judged.is_open then 'Đã có kết quả'
        when judged.stage_name is not null then judged.stage_name
        when judged.state = 'paused' then 'Chờ công dân bổ sung'
        else 'Chưa rõ bước'
    end as waits_at,
    judged.times_supplemented,
    judged.due_moved,
    judged.last_seen_on
from judged
inner join {{ ref('int_commune_spine') }} as commune on judged.commune_code = commune.commune_code
