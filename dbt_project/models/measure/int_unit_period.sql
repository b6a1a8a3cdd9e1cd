-- Measures of every unit that is judged: each commune, and the province under its own two-digit code.
select
    commune_code as unit_code,
    {% for measure in flow_measures() + stock_measures() -%}
    {{ measure }},
    {% endfor -%}
    period_type,
    period_start
from {{ ref('int_commune_period') }}
union all
select
    {{ province_code() }} as unit_code,
    {% for measure in flow_measures() + stock_measures() -%}
    {{ measure }},
    {% endfor -%}
    period_type,
    period_start
from {{ ref('int_province_period') }}
