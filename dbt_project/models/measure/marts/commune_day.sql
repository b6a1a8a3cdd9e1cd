{%- set sources = {
    'received': 'int_dossier_day',
    'closed': 'int_dossier_day',
    'voiced': 'int_commune_petition_day',
    'sent': 'int_commune_delivery_day',
    'stock': 'commune_flow_day',
    'criteria': 'int_commune_criteria_day',
} %}

with {% for source, model in sources.items() -%}
{{ source }} as (
    select
        commune_code,
        date,
    {% for measure in measures_of(source) -%}
    sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref(model) }}
    group by commune_code, date
),

{% endfor -%}
spine as (
    select
        commune.commune_code,
        commune.commune_name,
        calendar.date,
        calendar.is_working_day,
        calendar.working_day_number,
        calendar.date = span.last_day as is_latest
    from {{ ref('int_commune_spine') }} as commune
    cross join {{ ref('int_calendar') }} as calendar
    cross join {{ ref('int_history_span') }} as span
    where calendar.date between span.first_day and span.last_day
),

counted as (
    select
        {% for source in sources -%}
        {% for measure in measures_of(source) -%}
        cast(coalesce({{ source }}.{{ measure }}, 0) as bigint) as {{ measure }},
        {% endfor -%}
        {% endfor -%}
        spine.*
    from spine
    {% for source in sources -%}
    left join {{ source }}
        on spine.commune_code = {{ source }}.commune_code and spine.date = {{ source }}.date
    {% endfor %}
),

running as (
    select
        *,
        sum(resolved) over (partition by commune_code order by date rows unbounded preceding) as resolved_so_far
    from counted
),

-- What had been resolved when a working day ended, to look 20 working days back by an equi-join.
evenings as (
    select
        commune_code,
        working_day_number,
        resolved_so_far
    from running
    where is_working_day
)

select
    running.commune_code,
    running.commune_name,
    running.date,
    {% for measure in flow_measures() + daily_stock_measures() -%}
    running.{{ measure }},
    {% endfor -%}
    cast(running.resolved_so_far - coalesce(evenings.resolved_so_far, 0) as bigint) as resolved_last_20_working_days,
    running.is_latest
from running
left join evenings
    on running.commune_code = evenings.commune_code and running.working_day_number - 20 = evenings.working_day_number
