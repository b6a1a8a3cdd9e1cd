-- An inherited group whose total alone is known has that total; every other is the sum of its indicators. Points are
-- rounded as the portal shows them, and ranks compare what is shown.
with summed as (
    select
        commune_code,
        commune_name,
        period_type,
        period_start,
        period_end,
        profile_code,
        group_code,
        is_latest,
        is_complete,
        sum(points) as points,
        coalesce(sum(case when points is not null then max_points end), 0) as known_max_points,
        {{ listed('case when points is null then indicator_code end', 'display_order') }} as unknown_indicators
    from {{ ref('commune_score_indicator') }}
    group by all
),

named as (
    select distinct
        period_type,
        period_start,
        period_end,
        profile_code,
        group_code,
        group_name,
        group_max_points,
        is_inherited,
        group_order
    from {{ ref('int_score_rule') }}
),

stated as (
    select
        named.*,
        inherited.points as inherited_points
    from named
    left join {{ ref('score_inherited') }} as inherited
        on
            named.is_inherited
            and inherited.province_code = {{ province_code() }}
            and named.profile_code = inherited.profile_code
            and named.group_code = inherited.group_code
            and {{ is_valid_on('named.period_end', 'inherited.valid_from', 'inherited.valid_to') }}
),

known as (
    select
        summed.commune_code,
        summed.commune_name,
        summed.period_type,
        summed.period_start,
        summed.period_end,
        summed.profile_code,
        summed.group_code,
        stated.group_name,
        stated.group_order,
        stated.is_inherited,
        stated.group_max_points as max_points,
        round(coalesce(stated.inherited_points, summed.points), 2) as points,
        case
            when stated.inherited_points is not null then stated.group_max_points
            else summed.known_max_points
        end as known_max_points,
        case when stated.inherited_points is null then summed.unknown_indicators end as unknown_indicators,
        summed.is_latest,
        summed.is_complete
    from summed
    inner join stated
        on
            summed.period_type = stated.period_type
            and summed.period_start = stated.period_start
            and summed.profile_code = stated.profile_code
            and summed.group_code = stated.group_code
),

ranked as (
    select
        *,
        case
            when points is not null
                then rank() over (
                    partition by period_type, period_start, profile_code, group_code, points is null
                    order by points desc
                )
        end as rank
    from known
)

select
    commune_code,
    commune_name,
    period_type,
    period_start,
    period_end,
    profile_code,
    group_code,
    group_name,
    points,
    max_points,
    round(known_max_points - points, 2) as points_lost,
    round(max_points - known_max_points, 2) as points_unknown,
    unknown_indicators,
    is_inherited,
    cast(rank as integer) as rank,
    cast(
        lag(rank) over (partition by commune_code, period_type, profile_code, group_code order by period_start) - rank
        as integer
    ) as rank_change,
    group_order,
    is_latest,
    is_complete
from ranked
