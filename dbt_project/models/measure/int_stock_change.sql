{{ config(materialized='table') }}

-- By how much each stock rises or falls on a day. Days before the history are folded into the eve of its first
-- day, whose evening is the opening balance.
{%- set stocks = ['open', 'paused', 'overdue', 'late_by_portal'] %}

with moves as (
    select
        commune_code,
        field_code,
        stock,
        apology_sent,
        stays_from as date,
        count(*) as change
    from {{ ref('dossier_stay') }}
    group by commune_code, field_code, stock, apology_sent, stays_from
    union all
    select
        commune_code,
        field_code,
        stock,
        apology_sent,
        stays_until as date,
        -count(*) as change
    from {{ ref('dossier_stay') }}
    where stays_until <= {{ as_of_date() }}
    group by commune_code, field_code, stock, apology_sent, stays_until
),

folded as (
    select
        moves.commune_code,
        moves.field_code,
        moves.stock,
        moves.apology_sent,
        moves.change,
        greatest(moves.date, {{ add_days('span.first_day', -1) }}) as date
    from moves
    cross join {{ ref('int_history_span') }} as span
)

select
    commune_code,
    field_code,
    date,
    {% for stock in stocks -%}
    sum(case when stock = '{{ stock }}' then change else 0 end) as {{ stock }}_change,
    {% endfor -%}
    sum(case when stock = 'overdue' and apology_sent then change else 0 end) as overdue_with_apology_change
from folded
group by commune_code, field_code, date
