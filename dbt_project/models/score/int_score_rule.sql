{{ config(materialized='table') }}

-- Every indicator of the profiles that are in force on the last day of a period in which communes are scored. Petitions
-- are reported from the first export or the first date of one in the province on.
with petitions as (
    select min(known_from) as known_from
    from (
        select min(export_date) as known_from
        from {{ ref('int_delivery') }}
        where kind = 'phananh' and is_live
        union all
        select cast(min(received_at) as date) as known_from
        from {{ ref('fct_petition') }}
    ) as first_days
)

select
    period.period_type,
    period.period_start,
    period.period_end,
    period.is_complete,
    period.is_latest,
    rule.profile_code,
    rule.group_code,
    rule.group_name,
    rule.group_max_points,
    rule.is_inherited,
    rule.group_order,
    rule.indicator_code,
    rule.indicator_name,
    rule.max_points,
    rule.full_from,
    rule.zero_policy,
    rule.display_order,
    not {{ needs_petitions('rule.indicator_code') }}
    or coalesce(petitions.known_from <= period.period_end, false) as is_reported
from {{ ref('int_period') }} as period
inner join {{ ref('period_type') }} as kept on period.period_type = kept.period_type
inner join {{ ref('dim_score_indicator') }} as rule
    on {{ is_valid_on('period.period_end', 'rule.valid_from', 'rule.valid_to') }}
cross join petitions
where kept.is_scored
