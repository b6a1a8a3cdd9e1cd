-- No commune can vanish: as many rows as communes x periods x indicators.
with expected as (
    select count(*) as expected_rows
    from {{ ref('int_commune_spine') }}
    cross join {{ ref('int_period_indicator') }}
),

found as (
    select count(*) as found_rows
    from {{ ref('commune_indicator') }}
)

select
    expected.expected_rows,
    found.found_rows
from expected
cross join found
where expected.expected_rows <> found.found_rows
