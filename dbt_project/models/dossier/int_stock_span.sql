-- From which day on (included) until which day (excluded; null: still) a dossier belonged to a stock, as counted in
-- the evening. One row per stay: a pause cuts the overdue stay in two.
{%- set dossier_columns = 'dossier_code, commune_code, field_code' %}

with dossier as (
    select *
    from {{ ref('fct_dossier') }}
    where received_on is not null
),

past_due as (
    select
        *,
        greatest({{ add_days('due_on', 1) }}, received_on) as late_from
    from dossier
    where due_on < coalesce(closed_on, {{ as_of_date() }})
),

overdue as (
    select
        {{ dossier_columns }},
        apology_sent,
        late_from as stays_from,
        least(coalesce(closed_on, paused_from), coalesce(paused_from, closed_on)) as stays_until
    from past_due
    union all
    select
        {{ dossier_columns }},
        apology_sent,
        greatest(late_from, paused_until) as stays_from,
        closed_on as stays_until
    from past_due
    where paused_until is not null
),

stays as (
    select {{ dossier_columns }}, 'open' as stock, received_on as stays_from, closed_on as stays_until
    from dossier
    union all
    select {{ dossier_columns }}, 'paused' as stock, paused_from as stays_from, paused_until as stays_until
    from dossier
    where paused_from is not null
    union all
    select {{ dossier_columns }}, 'overdue' as stock, stays_from, stays_until
    from overdue
    union all
    select {{ dossier_columns }}, 'overdue_with_apology' as stock, stays_from, stays_until
    from overdue
    where apology_sent
    union all
    select
        {{ dossier_columns }},
        'on_time_portal' as stock,
        received_on as stays_from,
        least(coalesce(closed_on, portal_late_from), coalesce(portal_late_from, closed_on)) as stays_until
    from dossier
)

select *
from stays
where
    stays_from <= {{ as_of_date() }}
    and (stays_until is null or stays_from < stays_until)
