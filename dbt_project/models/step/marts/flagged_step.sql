{#- Flag by flag: its code and the column that raises it. -#}
{%- set flags = {
    'ended_before_started': 'is_ended_before_started',
    'repeated': 'is_repeated',
    'out_of_order': 'is_out_of_order',
    'unknown_dossier': 'is_of_unknown_dossier',
    'open_twice': 'is_open_twice',
    'date_after_export': 'is_dated_after_export',
} %}

{% for flag, column in flags.items() -%}
select
    dossier_code,
    commune_code,
    export_date,
    step_position,
    step_number,
    stage,
    '{{ flag }}' as flag
from {{ ref('int_step') }}
where {{ column }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
