-- All names under which exports may mean one certain branch or tax office, old ones too, and the words for any of them,
-- without a code.
with newest as (
    select
        branch_code,
        max(valid_from) as valid_from
    from {{ ref('branch') }}
    where province_code = {{ province_code() }}
    group by branch_code
),

branch as (
    select
        branch.branch_code,
        branch.branch_name,
        branch.unit_type
    from {{ ref('branch') }} as branch
    inner join newest on branch.branch_code = newest.branch_code and branch.valid_from = newest.valid_from
),

spelt as (
    select
        branch_code,
        lower(branch_name) as unit_text
    from {{ ref('branch') }}
    union all
    select
        branch_code,
        unit_text
    from {{ ref('unit_text') }}
    where branch_code is not null
),

kind as (
    select distinct unit_type
    from {{ ref('branch') }}
),

meant as (
    select
        branch.unit_type,
        spelt.unit_text,
        branch.branch_code,
        branch.branch_name
    from spelt
    inner join branch on spelt.branch_code = branch.branch_code
    union all
    select
        kind.unit_type,
        spelling.unit_text,
        null as branch_code,
        null as branch_name
    from {{ ref('unit_text') }} as spelling
    cross join kind
    where spelling.branch_code is null
)

-- One name of two branches would count every step twice; the first of them has it.
select
    unit_type,
    unit_text,
    min(branch_code) as branch_code,
    min_by(branch_name, branch_code) as branch_name
from meant
group by unit_type, unit_text
