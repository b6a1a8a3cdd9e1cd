-- The time that the law grants each received dossier: the limit of its procedure as valid at the reception, and what
-- the commune's area adds.
with area as (
    -- A last day for all: an open validity in the condition would keep the join from being an equi-join.
    select
        commune_code,
        valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('commune_area') }}
)

select
    dossier.dossier_code as case_key,
    dossier.received_at,
    dossier.due_at,
    dossier.due_until,
    procedure.time_limit,
    procedure.time_limit_unit,
    procedure.next_day_if_received_after,
    case when area.commune_code is null then 0 else procedure.mountain_addition_working_days end as extra_working_days
from {{ ref('int_dossier') }} as dossier
inner join {{ ref('int_procedure_version') }} as procedure on {{ procedure_at_reception('dossier', 'procedure') }}
left join area
    on
        dossier.commune_code = area.commune_code
        and dossier.received_on between area.valid_from and area.valid_to
where dossier.received_on is not null and procedure.time_limit is not null
