-- Which systems sent a dossier, and which one its number tells.
with numbered as (
    select
        dossier_code,
        one_source_system,
        is_in_both_systems,
        {{ sequence_digits('dossier_code') }} as digits
    from {{ ref('int_dossier_history') }}
)

select
    numbered.dossier_code,
    numbered.is_in_both_systems,
    source_system.source_system as source_system_by_number,
    not numbered.is_in_both_systems
    and coalesce(numbered.one_source_system <> source_system.source_system, false) as is_numbered_otherwise
from numbered
left join {{ ref('source_system') }} as source_system
    on numbered.digits between source_system.shortest_sequence and source_system.longest_sequence
