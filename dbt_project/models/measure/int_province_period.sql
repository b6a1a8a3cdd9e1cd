-- The province is the sum of its communes, measure by measure: never a mean of their shares.
select
    period_type,
    period_start,
{% for measure in flow_measures() + stock_measures() -%}
cast(sum({{ measure }}) as bigint) as {{ measure }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_commune_period') }}
group by period_type, period_start
