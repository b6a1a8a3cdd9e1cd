{%- set running_month = "cast(date_trunc('month', " ~ as_of_date() ~ ') as date)' %}

-- Criteria are monthly: a day shows its own month's report. The running month, until it is reported, shows the month
-- before; a month that is over and was not reported shows nothing.
with reported as (
    select
        commune_code,
        month_start,
        sum(case when light = 'green' then 1 else 0 end) as criteria_green,
        count(*) as criteria_applying
    from {{ ref('commune_criterion') }}
    group by commune_code, month_start
    having sum(case when light <> 'grey' then 1 else 0 end) > 0
),

shown as (
    select
        commune_code,
        month_start,
        criteria_green,
        criteria_applying
    from reported
    union all
    select
        previous.commune_code,
        {{ running_month }} as month_start,
        previous.criteria_green,
        previous.criteria_applying
    from reported as previous
    left join reported as running
        on previous.commune_code = running.commune_code and running.month_start = {{ running_month }}
    where
        previous.month_start = {{ add_months(running_month, -1) }}
        and running.commune_code is null
)

select
    shown.commune_code,
    calendar.date,
    shown.criteria_green,
    shown.criteria_applying
from shown
inner join {{ ref('int_calendar') }} as calendar on shown.month_start = calendar.month_start
where calendar.date <= {{ as_of_date() }}
