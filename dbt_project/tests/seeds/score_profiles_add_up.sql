-- A group whose indicators do not sum up to its maximum, a profile that is not worth 100 points or names no weakest
-- band, an indicator of no group, and a threshold that no ratio can be measured by.
with of_indicators as (
    select
        profile_code,
        group_code,
        sum(max_points) as max_points,
        min(full_from) as lowest_full_from,
        max(full_from) as highest_full_from
    from {{ ref('score_indicator') }}
    group by profile_code, group_code
)

select
    coalesce(of_indicators.profile_code, of_group.profile_code) as profile_code,
    coalesce(of_indicators.group_code, of_group.group_code) as group_code,
    'maximum of the group or threshold' as fault
from of_indicators
full outer join {{ ref('score_group') }} as of_group
    on of_indicators.profile_code = of_group.profile_code and of_indicators.group_code = of_group.group_code
where
    not coalesce(of_indicators.max_points = of_group.max_points, false)
    or of_indicators.lowest_full_from <= 0
    or of_indicators.highest_full_from > 1
union all
select
    profile_code,
    null as group_code,
    'sum of the groups' as fault
from {{ ref('score_group') }}
group by profile_code
having sum(max_points) <> 100
union all
select
    profile.profile_code,
    null as group_code,
    'no band from 0' as fault
from {{ ref('score_profile') }} as profile
left join {{ ref('score_band') }} as band on profile.profile_code = band.profile_code and band.points_from = 0
where band.band_code is null
