-- An indicator with a formula but no description, with a description but no formula, or with a period in which no
-- threshold judges it.
with computed as (
    {% for code in indicator_formulas() -%}
    select '{{ code }}' as indicator_code
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    coalesce(computed.indicator_code, indicator.indicator_code) as indicator_code,
    judged.period_type,
    judged.period_start
from computed
full outer join {{ ref('indicator') }} as indicator on computed.indicator_code = indicator.indicator_code
left join {{ ref('int_period_indicator') }} as judged on computed.indicator_code = judged.indicator_code
where
    computed.indicator_code is null
    or indicator.indicator_code is null
    or (judged.indicator_code is not null and judged.green_from is null)
