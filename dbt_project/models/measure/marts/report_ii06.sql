{{ config(materialized='table_function', parameters=['from_date', 'to_date'], contract={'enforced': false}) }}

-- Form II.06 per commune and field, by date. What is open and overdue is told by the stays that hold the last evening
-- of the span; a span that reaches beyond the data ends with the data.
with asked as (
    select
        cast(from_date as date) as from_day,
        cast(to_date as date) as to_day
),

newest as (
    select max(date) as day
    from {{ ref('province_day') }}
),

span as (
    select
        asked.from_day,
        asked.to_day,
        least(asked.to_day, coalesce(newest.day, asked.to_day)) as judged_on
    from asked
    cross join newest
),

moved as (
    select
        dossier.commune_code,
        dossier.field_code,
        max(dossier.field_name) as field_name,
        count(*) filter (where dossier.received_on >= span.from_day and dossier.channel = 'online') as c4,
        count(*) filter (where dossier.received_on >= span.from_day and dossier.channel <> 'online') as c5,
        count(*) filter (where dossier.received_on < span.from_day) as c6,
        count(*) filter (where dossier.closed_on <= span.to_day and dossier.timeliness = 'early') as c8,
        count(*) filter (
            where dossier.closed_on <= span.to_day and coalesce(dossier.timeliness, 'on_time') = 'on_time'
        ) as c9,
        count(*) filter (where dossier.closed_on <= span.to_day and dossier.timeliness = 'late') as c10
    from {{ ref('fct_dossier') }} as dossier
    cross join span
    where
        dossier.received_on <= span.to_day
        and (dossier.closed_on is null or dossier.closed_on >= span.from_day)
    group by dossier.commune_code, dossier.field_code
),

stayed as (
    select
        stay.commune_code,
        stay.field_code,
        count(*) filter (where stay.stock = 'open') as c11,
        count(*) filter (where stay.stock = 'overdue') as c13
    from {{ ref('dossier_stay') }} as stay
    cross join span
    where {{ holds_evening('stay.stays_from', 'stay.stays_until', 'span.judged_on') }}
    group by stay.commune_code, stay.field_code
),

counted as (
    select
        moved.*,
        coalesce(stayed.c11, 0) as c11,
        coalesce(stayed.c13, 0) as c13
    from moved
    left join stayed on moved.commune_code = stayed.commune_code and moved.field_code = stayed.field_code
)

select
    counted.commune_code,
    coalesce(commune.commune_name, counted.commune_code) as commune_name,
    counted.field_code,
    counted.field_name,
    counted.c4 + counted.c5 + counted.c6 as c3,
    counted.c4,
    counted.c5,
    counted.c6,
    counted.c8 + counted.c9 + counted.c10 as c7,
    counted.c8,
    counted.c9,
    counted.c10,
    counted.c11,
    counted.c11 - counted.c13 as c12,
    counted.c13
from counted
left join {{ ref('dim_commune') }} as commune
    on counted.commune_code = commune.commune_code and commune.is_current
order by counted.commune_code, counted.field_code
