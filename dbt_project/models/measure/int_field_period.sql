{{ config(materialized='table') }}

-- Measures of every commune by field, in the periods of which it is said what moved them. Stocks are those of the last
-- day that was counted.
{%- set flows = {'received': 'int_commune_received_day', 'closed': 'int_commune_closed_day'} %}
{%- set measures = measures_of('received') + measures_of('closed') + measures_of('stock') %}

with {% for source, model in flows.items() -%}
{{ source }} as (
    select
        measured.commune_code,
        measured.field_code,
        member.period_type,
        member.period_start,
    {% for measure in measures_of(source) -%}
    sum(measured.{{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref(model) }} as measured
    inner join {{ ref('int_period_day') }} as member on measured.date = member.date
    inner join {{ ref('period_type') }} as kept on member.period_type = kept.period_type and kept.is_explained
    group by measured.commune_code, measured.field_code, member.period_type, member.period_start
),

{% endfor -%}
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

-- The queue of a commune and field is in `stock` from its first dossier on, so nothing was received or closed without.
select
    stock.commune_code,
    stock.field_code,
    stock.period_type,
    stock.period_start,
{% for measure in measures -%}
coalesce({{ measure }}, 0) as {{ measure }}{{ ',' if not loop.last }}
{% endfor %}
from stock
{% for source in flows -%}
left join {{ source }}
    on
        stock.commune_code = {{ source }}.commune_code
        and stock.field_code = {{ source }}.field_code
        and stock.period_type = {{ source }}.period_type
        and stock.period_start = {{ source }}.period_start
{% endfor %}
