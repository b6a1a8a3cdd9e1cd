-- From which day on (included) until which day (excluded; null: still) a dossier belonged to a stock, as counted in the
-- evening. One row per stay: a pause cuts the overdue stay in two. This is where "open, past due and not paused" is
-- said.
with dossier as (
    select
        dossier.dossier_code,
        dossier.received_on,
        dossier.closed_on,
        dossier.paused_from,
        dossier.paused_until,
        case
            when dossier.due_on is not null then greatest({{ add_days('dossier.due_on', 1) }}, dossier.received_on)
        end as past_due_from,
        case
            when portal.portal_late_from is not null then greatest(portal.portal_late_from, dossier.received_on)
        end as late_by_portal_from
    from {{ ref('int_dossier') }} as dossier
    left join {{ ref('int_dossier_portal') }} as portal on dossier.dossier_code = portal.dossier_code
    where dossier.received_on is not null
),

stay as (
    select
        dossier_code,
        'open' as stock,
        received_on as stays_from,
        closed_on as stays_until
    from dossier
    union all
    select
        dossier_code,
        'paused' as stock,
        paused_from as stays_from,
        paused_until as stays_until
    from dossier
    union all
    -- Overdue until it is paused, or closed.
    select
        dossier_code,
        'overdue' as stock,
        past_due_from as stays_from,
        least(coalesce(closed_on, paused_from), coalesce(paused_from, closed_on)) as stays_until
    from dossier
    union all
    -- Overdue again after its pause.
    select
        dossier_code,
        'overdue' as stock,
        greatest(past_due_from, paused_until) as stays_from,
        closed_on as stays_until
    from dossier
    where past_due_from is not null and paused_until is not null
    union all
    select
        dossier_code,
        'late_by_portal' as stock,
        late_by_portal_from as stays_from,
        closed_on as stays_until
    from dossier
)

select
    dossier_code,
    stock,
    stays_from,
    stays_until
from stay
where
    stays_from <= {{ as_of_date() }}
    and (stays_until is null or stays_from < stays_until)
