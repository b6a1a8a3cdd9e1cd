-- Every evening that an open land dossier spent in a stage counts once, and once more as overdue where it was.
{%- set first_evening = add_days(as_of_date(), 1 - var('land_backlog_days') | int) %}

with overdue as (
    select
        land.*,
        greatest(land.stays_from, overdue.stays_from) as overdue_from,
        least(land.stays_until, coalesce(overdue.stays_until, land.stays_until)) as overdue_until
    from {{ ref('int_land_stay') }} as land
    inner join {{ ref('dossier_stay') }} as overdue on land.dossier_code = overdue.dossier_code
    where overdue.stock = 'overdue'
),

evening as (
    select
        commune_code,
        procedure_code,
        branch_code,
        stage_code,
        received_on,
        false as is_overdue,
        {{ each_day('greatest(stays_from, ' ~ first_evening ~ ')', 'stays_until') }} as date
    from {{ ref('int_land_stay') }}
    union all
    select
        commune_code,
        procedure_code,
        branch_code,
        stage_code,
        received_on,
        true as is_overdue,
        {{ each_day('greatest(overdue_from, ' ~ first_evening ~ ')', 'overdue_until') }} as date
    from overdue
),

aged as (
    select
        evening.commune_code,
        evening.procedure_code,
        evening.branch_code,
        evening.stage_code,
        evening.date,
        evening.is_overdue,
        case
            when not evening.is_overdue then day.working_day_number - received_day.working_day_number
        end as age
    from evening
    left join {{ ref('int_calendar') }} as day on evening.date = day.date
    left join {{ ref('int_calendar') }} as received_day
        on {{ within_calendar('evening.received_on') }} = received_day.date
),

counted as (
    select
        commune_code,
        procedure_code,
        branch_code,
        stage_code,
        date,
        sum(case when is_overdue then 0 else 1 end) as open,
        sum(case when is_overdue then 1 else 0 end) as overdue,
        sum(case when age <= 5 then 1 else 0 end) as age_0_5,
        sum(case when age > 5 and age <= 10 then 1 else 0 end) as age_6_10,
        sum(case when age > 10 and age <= 20 then 1 else 0 end) as age_11_20,
        sum(case when age > 20 then 1 else 0 end) as age_over_20
    from aged
    group by commune_code, procedure_code, branch_code, stage_code, date
),

branch_name as (
    select
        branch_code,
        max(branch_name) as branch_name
    from {{ ref('int_branch_commune') }}
    group by branch_code
),

procedure_name as (
    select
        procedure_code,
        max(procedure_name) as procedure_name
    from {{ ref('fct_dossier') }}
    where is_land
    group by procedure_code
),

stage_name as (
    select
        stage_code,
        max(stage_name) as stage_name
    from {{ ref('int_queue') }}
    group by stage_code
)

select
    counted.commune_code,
    commune.commune_name,
    counted.branch_code,
    case
        when counted.branch_code is null then 'Không qua chi nhánh'
        else coalesce(branch_name.branch_name, counted.branch_code)
    end as branch_name,
    counted.procedure_code,
    procedure_name.procedure_name,
    counted.stage_code as stage,
    coalesce(stage_name.stage_name, 'Chưa rõ công đoạn') as stage_name,
    counted.date,
    cast(counted.open as bigint) as open,
    cast(counted.overdue as bigint) as overdue,
    cast(counted.age_0_5 as bigint) as age_0_5,
    cast(counted.age_6_10 as bigint) as age_6_10,
    cast(counted.age_11_20 as bigint) as age_11_20,
    cast(counted.age_over_20 as bigint) as age_over_20,
    counted.date = {{ as_of_date() }} as is_latest
from counted
left join branch_name on counted.branch_code = branch_name.branch_code
left join procedure_name on counted.procedure_code = procedure_name.procedure_code
left join stage_name on counted.stage_code = stage_name.stage_code
left join {{ ref('int_commune_spine') }} as commune on counted.commune_code = commune.commune_code
