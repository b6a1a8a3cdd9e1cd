-- Every dossier that comes must leave or stay: opening + in - out = closing, for every commune, field and day, and
-- one evening's backlog is the next morning's opening.
with checked as (
    select
        commune_code,
        field_code,
        date,
        opening + received - resolved - withdrawn_or_refused as expected_at_end,
        open_at_end,
        opening,
        lag(open_at_end) over (partition by commune_code, field_code order by date) as previous_open_at_end
    from {{ ref('commune_flow_day') }}
)

select *
from checked
where
    expected_at_end <> open_at_end
    or opening <> previous_open_at_end
    or open_at_end < 0
