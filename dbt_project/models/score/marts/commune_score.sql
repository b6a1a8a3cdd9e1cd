-- The total is the sum of the groups as shown. What nobody told us is in no group, but in points_unknown; a commune of
-- which nothing is known in the period has no total.
with grouped as (
    select
        commune_code,
        commune_name,
        period_type,
        period_start,
        period_end,
        profile_code,
        is_latest,
        is_complete,
        {% for code in score_groups() -%}
        max(case when group_code = '{{ code }}' then points end) as score_{{ code }},
        max(case when group_code = '{{ code }}' then max_points end) as max_{{ code }},
        max(case when group_code = '{{ code }}' then points_lost end) as lost_{{ code }},
        max(case when group_code = '{{ code }}' then rank_change end) as rank_change_{{ code }},
        {% endfor -%}
        round(sum(points), 2) as points_known,
        round(sum(points_unknown), 2) as points_unknown,
        {{ listed('unknown_indicators', 'group_order') }} as unknown_indicators
    from {{ ref('commune_score_group') }}
    group by all
),

losses as (
    select
        commune_code,
        period_type,
        period_start,
        profile_code,
        indicator_code,
        indicator_name,
        numerator,
        denominator,
        points,
        max_points,
        round(points_lost, 2) as points_lost,
        row_number() over (
            partition by commune_code, period_type, period_start, profile_code
            order by round(points_lost, 2) desc, display_order
        ) as loss_rank
    from {{ ref('commune_score_indicator') }}
    where not is_inherited and points_lost > 0.005
),

details as (
    select
        commune_code,
        period_type,
        period_start,
        profile_code,
        max(case when basis = 'computed' then 1 else 0 end) = 1 as has_data,
        round(sum(case when {{ is_of_petitions('indicator_code') }} then points_lost end), 2)
            as points_lost_to_petitions
    from {{ ref('commune_score_indicator') }}
    group by commune_code, period_type, period_start, profile_code
),

totalled as (
    select
        grouped.*,
        case when details.has_data then grouped.points_known end as score_total,
        details.points_lost_to_petitions,
        losses.indicator_code as points_lost_most,
        losses.indicator_name as points_lost_most_name,
        losses.points_lost as points_lost_most_points,
        losses.numerator as lost_numerator,
        losses.denominator as lost_denominator,
        losses.points as lost_points,
        losses.max_points as lost_max_points
    from grouped
    inner join details
        on
            grouped.commune_code = details.commune_code
            and grouped.period_type = details.period_type
            and grouped.period_start = details.period_start
            and grouped.profile_code = details.profile_code
    left join losses
        on
            losses.loss_rank = 1
            and grouped.commune_code = losses.commune_code
            and grouped.period_type = losses.period_type
            and grouped.period_start = losses.period_start
            and grouped.profile_code = losses.profile_code
),

banded as (
    select
        profile_code,
        band_code,
        band_name,
        points_from,
        coalesce(
            lead(points_from) over (partition by profile_code order by points_from), cast('infinity' as double)
        ) as points_below
    from {{ ref('score_band') }}
),

ranked as (
    select
        *,
        case
            when score_total is not null
                then rank() over (
                    partition by period_type, period_start, profile_code, score_total is null
                    order by score_total desc
                )
        end as rank,
        count(score_total) over (partition by period_type, period_start, profile_code) as communes_ranked
    from totalled
),

compared as (
    select
        ranked.*,
        lag(ranked.rank) over (
            partition by ranked.commune_code, ranked.period_type, ranked.profile_code order by ranked.period_start
        ) - ranked.rank as rank_change,
        band.band_code as band,
        band.band_name,
        reachable.band_code as band_at_most,
        reachable.band_name as band_at_most_name
    from ranked
    left join banded as band
        on
            ranked.profile_code = band.profile_code
            and ranked.score_total >= band.points_from
            and ranked.score_total < band.points_below
    left join banded as reachable
        on
            ranked.profile_code = reachable.profile_code
            and round(ranked.score_total + ranked.points_unknown, 2) >= reachable.points_from
            and round(ranked.score_total + ranked.points_unknown, 2) < reachable.points_below
)

select
    commune_code,
    commune_name,
    period_type,
    period_start,
    period_end,
    profile_code,
    {% for code in score_groups() -%}
    score_{{ code }},
    {% endfor -%}
    score_total,
    band,
    band_name,
    cast(rank as integer) as rank,
    cast(rank_change as integer) as rank_change,
    points_lost_most,
    points_lost_most_name,
    points_lost_most_points,
    points_lost_to_petitions,
    points_unknown,
    unknown_indicators,
    band_at_most,
    {% for code in score_groups() -%}
    max_{{ code }},
    lost_{{ code }},
    rank_change_{{ code }},
    {% endfor -%}
    {{ score_explanation() }} as explanation,
    is_latest,
    is_complete
from compared
