{{ config(materialized='table') }}

-- Measures of every commune in every period: flows added up, stocks of the last day.
select
    measured.commune_code,
    member.period_type,
    member.period_start,
    {% for measure in flow_measures() -%}
    cast(sum(measured.{{ measure }}) as bigint) as {{ measure }},
    {% endfor -%}
{% for measure in stock_measures() -%}
cast(sum(case when member.date = period.counted_to then measured.{{ measure }} else 0 end) as bigint)
    as {{ measure }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('commune_day') }} as measured
inner join {{ ref('int_period_day') }} as member on measured.date = member.date
inner join {{ ref('int_period') }} as period
    on member.period_type = period.period_type and member.period_start = period.period_start
group by measured.commune_code, member.period_type, member.period_start
