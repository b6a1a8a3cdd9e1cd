-- What our exports tell wins over what is given from outside; what neither tells has no points, and is counted as
-- unknown rather than as lost. A commune of which nothing is known in a period has nothing computed in it.
with spine as (
    select
        rule.*,
        measured.unit_code as commune_code,
        {{ is_silent('measured') }} as is_silent,
        case when rule.is_reported then {{ score_term('numerator', 'rule.indicator_code') }} end as computed_numerator,
        case when rule.is_reported then {{ score_term('denominator', 'rule.indicator_code') }} end
            as computed_denominator
    from {{ ref('int_score_rule') }} as rule
    inner join {{ ref('int_unit_period') }} as measured
        on
            rule.period_type = measured.period_type
            and rule.period_start = measured.period_start
            and measured.unit_type = 'commune'
),

chosen as (
    select
        spine.*,
        case
            when not spine.is_silent and spine.computed_denominator is not null then 'computed'
            when given.denominator is not null then 'given'
        end as basis,
        given.numerator as given_numerator,
        given.denominator as given_denominator
    from spine
    left join {{ ref('int_score_given') }} as given
        on
            spine.commune_code = given.commune_code
            and spine.period_type = given.period_type
            and spine.period_start = given.period_start
            and spine.profile_code = given.profile_code
            and spine.indicator_code = given.indicator_code
),

counted as (
    select
        *,
        cast(case basis when 'computed' then computed_numerator when 'given' then given_numerator end as double)
            as numerator,
        cast(case basis when 'computed' then computed_denominator when 'given' then given_denominator end as double)
            as denominator
    from chosen
),

scored as (
    select
        *,
        {{ points_for('max_points', 'full_from', 'zero_policy', 'numerator', 'denominator') }} as points
    from counted
)

select
    scored.commune_code,
    commune.commune_name,
    scored.period_type,
    scored.period_start,
    scored.period_end,
    scored.profile_code,
    scored.group_code,
    scored.group_name,
    scored.indicator_code,
    scored.indicator_name,
    scored.numerator,
    scored.denominator,
    scored.max_points,
    scored.points,
    scored.max_points - scored.points as points_lost,
    case when scored.points is not null then scored.basis end as basis,
    scored.is_inherited,
    scored.display_order,
    scored.is_latest,
    scored.is_complete
from scored
inner join {{ ref('int_commune_spine') }} as commune on scored.commune_code = commune.commune_code
