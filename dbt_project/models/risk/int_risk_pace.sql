{{ config(materialized='table') }}

-- How much longer dossiers like this one usually took from here: the hours until half of those in its group that had
-- come as far were finished. Null where fewer than half ever were.
with asking as (
    select
        question.dossier_code,
        question.group_number,
        question.hour_now,
        curve.shown_before
    from {{ ref('int_risk_estimate') }} as estimate
    inner join {{ ref('int_risk_cutoff') }} as cutoff
        on estimate.cutoff_on = cutoff.cutoff_on and cutoff.is_today
    inner join {{ ref('int_risk_question') }} as question
        on
            estimate.cutoff_on = question.cutoff_on
            and estimate.dossier_code = question.dossier_code
            and estimate.level = question.level
    inner join {{ ref('int_risk_curve') }} as curve
        on
            question.cutoff_on = curve.cutoff_on
            and question.group_number = curve.group_number
            and question.hour_now = curve.hour
    where curve.shown_at_risk > 0
),

-- Asked once per group and hour, however many dossiers ask.
asked as (
    select distinct
        group_number,
        hour_now,
        shown_before
    from asking
),

today_curve as (
    select
        curve.group_number,
        curve.hour,
        curve.survival
    from {{ ref('int_risk_curve') }} as curve
    inner join {{ ref('int_risk_cutoff') }} as cutoff on curve.cutoff_on = cutoff.cutoff_on and cutoff.is_today
    where curve.finishes > 0
),

median as (
    select
        asked.group_number,
        asked.hour_now,
        min(today_curve.hour) as hour_half_done
    from asked
    inner join today_curve on asked.group_number = today_curve.group_number
    where today_curve.hour >= asked.hour_now and today_curve.survival <= asked.shown_before / 2
    group by asked.group_number, asked.hour_now
)

select
    asking.dossier_code,
    median.hour_half_done - asking.hour_now as typical_hours_left
from asking
inner join median on asking.group_number = median.group_number and asking.hour_now = median.hour_now
