-- The groups that a received dossier belongs to, by dimension: a row per dossier and dimension.
{%- set facts = 'received_on, closed_on, is_open, is_overdue, state, working_hours_spent' %}

with dossier as (
    select
        fact.commune_code,
        commune.commune_name,
        fact.field_code,
        fact.field_name,
        fact.procedure_code,
        fact.procedure_name,
        coalesce(fact.resolving_unit, fact.commune_code) as unit_code,
        coalesce(fact.resolving_unit, commune.commune_name) as unit_name,
        fact.received_on,
        fact.closed_on,
        fact.is_open,
        fact.is_overdue,
        fact.state,
        fact.working_hours_spent
    from {{ ref('fct_dossier') }} as fact
    left join {{ ref('int_commune_spine') }} as commune on fact.commune_code = commune.commune_code
    where fact.received_on is not null
)

select 'province' as dimension, {{ province_code() }} as member, 'Toàn tỉnh' as member_name, {{ facts }}
from dossier
{% for dimension in ['commune', 'field', 'procedure', 'unit'] -%}
union all
select
    '{{ dimension }}' as dimension,
    {{ dimension }}_code as member,
    {{ dimension }}_name as member_name,
    {{ facts }}
from dossier
{% endfor %}
