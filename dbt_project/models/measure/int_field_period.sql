{{ config(materialized='table') }}

-- Measures of every commune by field, in the periods of which it is said what moved them. Stocks are those of the last
-- day that was counted.
{%- set counts = measures_of('received') + measures_of('closed') %}

with counted as (
    select
        measured.commune_code,
        measured.field_code,
        member.period_type,
        member.period_start,
    {% for measure in counts -%}
    sum(measured.{{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('int_dossier_day') }} as measured
    inner join {{ ref('int_period_day') }} as member on measured.date = member.date
    inner join {{ ref('period_type') }} as kept on member.period_type = kept.period_type and kept.is_explained
    group by measured.commune_code, measured.field_code, member.period_type, member.period_start
),

stock as (
    select
        measured.commune_code,
        measured.field_code,
        period.period_type,
        period.period_start,
    {% for measure in measures_of('stock') -%}
    measured.{{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('commune_flow_day') }} as measured
    inner join {{ ref('int_period') }} as period on measured.date = period.counted_to
    inner join {{ ref('period_type') }} as kept on period.period_type = kept.period_type and kept.is_explained
)

-- A commune and field stand in `stock` from their first dossier on, so nothing was received or closed without.
select
    stock.commune_code,
    stock.field_code,
    stock.period_type,
    stock.period_start,
{% for measure in counts + measures_of('stock') -%}
coalesce({{ measure }}, 0) as {{ measure }}{{ ',' if not loop.last }}
{% endfor %}
from stock
left join counted
    on
        stock.commune_code = counted.commune_code
        and stock.field_code = counted.field_code
        and stock.period_type = counted.period_type
        and stock.period_start = counted.period_start
