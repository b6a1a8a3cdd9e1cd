-- A silent commune keeps its row: as many expected deliveries as the spine owes.
with expected as (
    select count(*) as expected_rows
    from {{ ref('int_expected_export') }}
),

found as (
    select count(*) as found_rows
    from {{ ref('int_delivery_status') }}
    where is_expected
)

select
    expected.expected_rows,
    found.found_rows
from expected
cross join found
where expected.expected_rows <> found.found_rows
