{{ config(materialized='table') }}

-- The newest word of each commune on each criterion and month. A month that has not begun cannot be reported.
with live as (
    select
        version.commune_code,
        cast(version.report_month || '-01' as date) as month_start,
        version.criterion_code,
        case version.result when 'xanh' then 'green' when 'vang' then 'yellow' else 'red' end as light,
        {{ version_key('delivery', 'version') }} as version_key
    from {{ ref('stg_tieuchi_version') }} as version
    inner join {{ ref('int_delivery') }} as delivery on version.delivery_id = delivery.delivery_id
    where delivery.is_live
),

newest as (
    select
        commune_code,
        month_start,
        criterion_code,
        max(version_key) as version_key
    from live
    where month_start between {{ history_floor() }} and {{ as_of_date() }}
    group by commune_code, month_start, criterion_code
)

select
    live.commune_code,
    live.month_start,
    live.criterion_code,
    live.light
from live
inner join newest
    on
        live.commune_code = newest.commune_code
        and live.month_start = newest.month_start
        and live.criterion_code = newest.criterion_code
        and live.version_key = newest.version_key
