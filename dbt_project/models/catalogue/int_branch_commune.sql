-- Which branch or tax office serves a commune, by its newest name.
with newest as (
    select
        branch_code,
        max(valid_from) as valid_from
    from {{ ref('branch') }}
    group by branch_code
)

select
    serving.commune_code,
    serving.unit_type,
    serving.branch_code,
    branch.branch_name,
    serving.valid_from,
    coalesce(serving.valid_to, cast('9999-12-31' as date)) as valid_to
from {{ ref('branch_commune') }} as serving
inner join newest on serving.branch_code = newest.branch_code
inner join {{ ref('branch') }} as branch
    on newest.branch_code = branch.branch_code and newest.valid_from = branch.valid_from
