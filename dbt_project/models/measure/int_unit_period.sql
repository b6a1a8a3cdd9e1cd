{{ config(materialized='table') }}

-- Measures of every unit that is judged, in every period: flows added up, stocks of its last day. A unit is a commune,
-- or the province under its own two-digit code: the sum of its communes, measure by measure, never a mean of shares.
with commune as (
    select
        measured.commune_code as unit_code,
        {% for measure in flow_measures() -%}
        cast(sum(measured.{{ measure }}) as bigint) as {{ measure }},
        {% endfor -%}
        {% for measure in stock_measures() -%}
        cast(sum(case when member.date = period.counted_to then measured.{{ measure }} else 0 end) as bigint)
            as {{ measure }},
        {% endfor -%}
        member.period_type,
        member.period_start
    from {{ ref('commune_day') }} as measured
    inner join {{ ref('int_period_day') }} as member on measured.date = member.date
    inner join {{ ref('int_period') }} as period
        on member.period_type = period.period_type and member.period_start = period.period_start
    group by measured.commune_code, member.period_type, member.period_start
)

select
    'commune' as unit_type,
    unit_code,
    {% for measure in flow_measures() + stock_measures() -%}
    {{ measure }},
    {% endfor -%}
    period_type,
    period_start
from commune
union all
select
    'province' as unit_type,
    {{ province_code() }} as unit_code,
    {% for measure in flow_measures() + stock_measures() -%}
    cast(sum({{ measure }}) as bigint) as {{ measure }},
    {% endfor -%}
    period_type,
    period_start
from commune
group by period_type, period_start
