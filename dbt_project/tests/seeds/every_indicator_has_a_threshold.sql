-- An indicator that is computed in a period, but that no seed describes or no threshold judges there.
with computed as (
    {% for code in indicator_formulas() -%}
    select '{{ code }}' as indicator_code
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    computed.indicator_code,
    judged.period_type,
    judged.period_start
from computed
left join {{ ref('indicator') }} as indicator on computed.indicator_code = indicator.indicator_code
left join {{ ref('int_period_indicator') }} as judged on computed.indicator_code = judged.indicator_code
where
    indicator.indicator_code is null
    or (judged.indicator_code is not null and judged.green_from is null)
