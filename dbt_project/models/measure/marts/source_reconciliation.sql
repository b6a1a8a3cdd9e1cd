with counted as (
    select
        dossier.commune_code,
        count(*) as dossiers,
        sum(case when dossier.is_in_both_systems then 0 when dossier.source_system = 'tinh' then 1 else 0 end)
            as only_in_tinh,
        sum(case when dossier.is_in_both_systems then 0 when dossier.source_system = 'bo' then 1 else 0 end)
            as only_in_bo,
        sum(case when dossier.is_in_both_systems then 1 else 0 end) as in_both,
        sum(case when dossier.source_system is null then 1 else 0 end) as of_unknown_system,
        sum(case when both_systems.status_differs then 1 else 0 end) as status_differs,
        sum(case when both_systems.finish_differs then 1 else 0 end) as finish_differs,
        sum(case when both_systems.due_differs then 1 else 0 end) as due_differs
    from {{ ref('int_dossier') }} as dossier
    left join {{ ref('int_dossier_in_both') }} as both_systems on dossier.dossier_code = both_systems.dossier_code
    group by dossier.commune_code
)

select
    commune.commune_code,
    commune.commune_name,
{% for count in [
    'dossiers', 'only_in_tinh', 'only_in_bo', 'in_both', 'of_unknown_system', 'status_differs', 'finish_differs',
    'due_differs',
] -%}
cast(coalesce(counted.{{ count }}, 0) as bigint) as {{ count }}{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_commune_spine') }} as commune
left join counted on commune.commune_code = counted.commune_code
