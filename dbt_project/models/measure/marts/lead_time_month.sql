with finished as (
    select
        dimension,
        member,
        member_name,
        cast(date_trunc('month', closed_on) as date) as month_start,
        working_hours_spent as hours
    from {{ ref('int_dossier_member') }}
    where state = 'finished' and closed_on is not null
),

working_day as (
    select
        month_start,
        sum(case when is_working_day then 1 else 0 end) as working_days
    from {{ ref('int_calendar') }}
    where date <= {{ as_of_date() }}
    group by month_start
),

measured as (
    select
        dimension,
        member,
        max(member_name) as member_name,
        month_start,
        count(*) as resolved,
        percentile_cont(0.5) within group (order by hours) as p50,
        percentile_cont(0.85) within group (order by hours) as p85,
        percentile_cont(0.95) within group (order by hours) as p95
    from finished
    where month_start >= date_trunc('month', cast({{ history_floor() }} as date))
    group by dimension, member, month_start
)

select
    measured.dimension,
    measured.member,
    measured.member_name,
    case when measured.dimension = 'commune' then measured.member end as commune_code,
    {{ year_month('measured.month_start') }} as month,
    measured.month_start,
    measured.resolved,
    measured.resolved / cast(nullif(working_day.working_days, 0) as double) as resolved_per_working_day,
    {% for percentile in ['p50', 'p85', 'p95'] -%}
    case when measured.resolved >= {{ var('queue')['least_dossiers'] }} then measured.{{ percentile }} end
        as {{ percentile }}_working_hours,
    case when measured.resolved >= {{ var('queue')['least_dossiers'] }} then measured.{{ percentile }} end
    / {{ var('hours_per_working_day') }} as {{ percentile }}_working_days,
    {% endfor -%}
    case when measured.resolved < {{ var('queue')['least_dossiers'] }} then 'too_few' end as no_figure_reason,
    measured.month_start = max(measured.month_start) over () as is_latest
from measured
left join working_day on measured.month_start = working_day.month_start
