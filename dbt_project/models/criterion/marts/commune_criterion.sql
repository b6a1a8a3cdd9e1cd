{%- set running_month = "cast(date_trunc('month', " ~ as_of_date() ~ ') as date)' %}

-- From the month of the first export ever filed, or the first month reported, to the last month that is over, or that
-- somebody reported.
with reported_or_filed as (
    select
        cast(date_trunc('month', min(export_date)) as date) as first_month,
        {{ add_months(running_month, -1) }} as last_month
    from {{ ref('int_delivery') }}
    union all
    select
        min(month_start) as first_month,
        max(month_start) as last_month
    from {{ ref('int_criterion_report') }}
),

span as (
    select
        greatest(min(first_month), {{ history_floor() }}) as first_day,
        max(last_month) as last_month
    from reported_or_filed
    having min(first_month) is not null
),

months as (
    select distinct calendar.month_start
    from {{ ref('int_calendar') }} as calendar
    cross join span
    where calendar.date >= span.first_day and calendar.month_start <= span.last_month
),

in_force as (
    select
        commune_code,
        min(valid_from) as first_day,
        max(coalesce(valid_to, cast('9999-12-31' as date))) as last_day
    from {{ ref('dim_commune') }}
    group by commune_code
),

-- A commune is asked in the months in which it exists; what it reports beside them is shown as well.
asked as (
    select
        in_force.commune_code,
        months.month_start
    from in_force
    cross join months
    where
        in_force.first_day < {{ add_months('months.month_start', 1) }}
        and in_force.last_day >= months.month_start
    union
    select
        commune_code,
        month_start
    from {{ ref('int_criterion_report') }}
),

spine as (
    select
        asked.commune_code,
        asked.month_start,
        criterion.criterion_code,
        criterion.criterion_name,
        criterion.verified
    from asked
    cross join {{ ref('criterion') }} as criterion
    where {{ is_valid_on('asked.month_start', 'criterion.valid_from', 'criterion.valid_to') }}
)

select
    spine.commune_code,
    coalesce(commune.commune_name, spine.commune_code) as commune_name,
    {{ year_month('spine.month_start') }} as month,
    spine.month_start,
    spine.criterion_code,
    spine.criterion_name,
    coalesce(report.light, 'grey') as light,
    {{ light_label("coalesce(report.light, 'grey')", "'no_data'") }} as light_label,
    case when report.light is null then 'no_data' end as grey_reason,
    spine.verified
from spine
left join {{ ref('int_commune_spine') }} as commune on spine.commune_code = commune.commune_code
left join {{ ref('int_criterion_report') }} as report
    on
        spine.commune_code = report.commune_code
        and spine.month_start = report.month_start
        and spine.criterion_code = report.criterion_code
