{{ config(materialized='table') }}

-- The chance of missing the due date: in each group the share that was not finished in time, of those that exports
-- showed open as far. A group counts with its size, the wider one before it with the weight of the rule. A group in
-- which nobody had come as far, or nobody was seen to finish and none was followed until then, knows nothing. Null
-- where none knows.

with answered as (
    select
        question.cutoff_on,
        question.dossier_code,
        question.level,
        now_point.shown_at_risk as at_risk,
        now_point.shown_at_risk > 0
        and (due_point.at_risk > 0 or due_point.survival < now_point.shown_before) as is_known,
        due_point.survival,
        now_point.shown_before
    from {{ ref('int_risk_question') }} as question
    inner join {{ ref('int_risk_curve') }} as now_point
        on
            question.cutoff_on = now_point.cutoff_on
            and question.group_number = now_point.group_number
            and question.hour_now = now_point.hour
    inner join {{ ref('int_risk_curve') }} as due_point
        on
            question.cutoff_on = due_point.cutoff_on
            and question.group_number = due_point.group_number
            and question.hour_due = due_point.hour
),

known as (
    select
        cutoff_on,
        dossier_code,
        level,
        case when is_known then at_risk else 0 end as group_size,
        case when is_known then least(1, survival / shown_before) end as missed_share
    from answered
),

side_by_side as (
    select
        cutoff_on,
        dossier_code,
        {{ risk_groups_side_by_side() }}
    from known
    group by cutoff_on, dossier_code
),

shrunk as (
    select
        side_by_side.*,
        {{ shrunk_risk(risk_groups(), 'cutoff.parent_weight') }} as risk,
        {{ narrowest_risk_group('cutoff.parent_weight') }} as level
    from side_by_side
    inner join {{ ref('int_risk_cutoff') }} as cutoff on side_by_side.cutoff_on = cutoff.cutoff_on
)

select
    cutoff_on,
    dossier_code,
    risk,
    level,
    {{ of_risk_level('size') }} as group_size,
    {{ of_risk_level('share') }} as group_missed_share
from shrunk
