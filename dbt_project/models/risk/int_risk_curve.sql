{{ config(materialized='table') }}

-- Survival in each group by Kaplan and Meier, at the hours where somebody left or where an open dossier asks: of being
-- in process, and of being shown open by exports, which lasts longer where a finish is entered late. Who left without a
-- finish counts as at risk up to that hour and no further.
with asked_group as (
    select distinct
        level,
        {{ risk_group_columns() | join(', ') }},
        group_number
    from {{ ref('int_risk_question') }}
),

of_all_units as (
    select
        cutoff_on,
        stage_code,
        field_code,
        procedure_code,
        hour,
        sum(exits) as exits,
        sum(finishes) as finishes,
        sum(shown_exits) as shown_exits,
        sum(shown_finishes) as shown_finishes
    from {{ ref('int_risk_exit') }}
    group by cutoff_on, stage_code, field_code, procedure_code, hour
),

-- Most groups do not go by unit, and then the few rows without it will do.
left_at as (
    {% for group in risk_groups() %}
    select
        counted.cutoff_on,
        wanted.group_number,
        counted.hour,
        counted.exits,
        counted.finishes,
        counted.shown_exits,
        counted.shown_finishes
    from {{ ref('int_risk_exit') if 'unit' in group['columns'] else 'of_all_units' }} as counted
    inner join asked_group as wanted
        on {{ of_risk_group(group, 'counted', 'wanted') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

asked as (
    select
        cutoff_on,
        group_number,
        hour_now as hour
    from {{ ref('int_risk_question') }}
    union all
    select
        cutoff_on,
        group_number,
        hour_due as hour
    from {{ ref('int_risk_question') }}
),

point as (
    select *
    from left_at
    union all
    select
        cutoff_on,
        group_number,
        hour,
        0 as exits,
        0 as finishes,
        0 as shown_exits,
        0 as shown_finishes
    from asked
),

counted as (
    select
        cutoff_on,
        group_number,
        hour,
        cast(sum(exits) as bigint) as exits,
        cast(sum(finishes) as bigint) as finishes,
        cast(sum(shown_exits) as bigint) as shown_exits,
        cast(sum(shown_finishes) as bigint) as shown_finishes
    from point
    group by cutoff_on, group_number, hour
),

at_risk as (
    select
        *,
        cast(sum(exits) over from_here as bigint) as at_risk,
        cast(sum(shown_exits) over from_here as bigint) as shown_at_risk
    from counted
    window from_here as (partition by cutoff_on, group_number order by hour desc rows unbounded preceding)
),

hazard as (
    select
        *,
        {{ log_of_survivors('finishes', 'at_risk') }} as log_share,
        {{ log_of_survivors('shown_finishes', 'shown_at_risk') }} as shown_log_share
    from at_risk
)

select
    cutoff_on,
    group_number,
    hour,
    at_risk,
    finishes,
    round(exp(sum(log_share) over past), 12) as survival,
    shown_at_risk,
    shown_finishes,
    round(exp(sum(shown_log_share) over past - shown_log_share), 12) as shown_before
from hazard
window past as (partition by cutoff_on, group_number order by hour rows unbounded preceding)
