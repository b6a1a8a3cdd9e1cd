-- "Today" is one row of the calendar, so every age is a subtraction after one join.
with today as (
    select working_day_number
    from {{ ref('int_calendar') }}
    where date = {{ within_calendar(as_of_date()) }}
),

aged as (
    select
        dossier.dimension,
        dossier.member,
        dossier.member_name,
        dossier.state,
        dossier.is_overdue,
        today.working_day_number - received_day.working_day_number as age
    from {{ ref('int_dossier_member') }} as dossier
    left join {{ ref('int_calendar') }} as received_day
        on {{ within_calendar('dossier.received_on') }} = received_day.date
    cross join today
    where dossier.closed_on is null
)

select
    dimension,
    member,
    max(member_name) as member_name,
    case when dimension = 'commune' then member end as commune_code,
    count(*) as open,
    cast(sum(case when state = 'paused' then 1 else 0 end) as bigint) as paused,
    cast(sum(case when is_overdue then 1 else 0 end) as bigint) as overdue,
    cast(sum(case when age <= 5 then 1 else 0 end) as bigint) as age_0_5,
    cast(sum(case when age > 5 and age <= 10 then 1 else 0 end) as bigint) as age_6_10,
    cast(sum(case when age > 10 and age <= 20 then 1 else 0 end) as bigint) as age_11_20,
    cast(sum(case when age > 20 then 1 else 0 end) as bigint) as age_over_20,
    percentile_cont(0.5) within group (order by age) as median_age_working_days,
    cast(max(age) as integer) as oldest_age_working_days
from aged
group by dimension, member
