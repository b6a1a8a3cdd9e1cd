-- A value given, inherited or read on the portal for a profile, an indicator, a group or a commune that does not exist.
select
    'score_given' as seed,
    given.indicator_code as code,
    given.commune_code
from {{ ref('score_given') }} as given
left join {{ ref('dim_score_indicator') }} as indicator
    on given.profile_code = indicator.profile_code and given.indicator_code = indicator.indicator_code
left join {{ ref('commune') }} as commune
    on given.commune_code = commune.commune_code and given.province_code = commune.province_code
where
    indicator.indicator_code is null
    or (given.commune_code is not null and (commune.commune_code is null or indicator.is_inherited))
    or not coalesce(given.numerator >= 0 and given.denominator >= 0, false)
union all
select
    'score_inherited' as seed,
    inherited.group_code as code,
    null as commune_code
from {{ ref('score_inherited') }} as inherited
left join {{ ref('score_group') }} as of_group
    on inherited.profile_code = of_group.profile_code and inherited.group_code = of_group.group_code
where not coalesce(of_group.is_inherited and inherited.points between 0 and of_group.max_points, false)
union all
select
    'official_score' as seed,
    official.profile_code as code,
    official.commune_code
from {{ ref('official_score') }} as official
left join {{ ref('score_profile') }} as profile on official.profile_code = profile.profile_code
left join {{ ref('commune') }} as commune
    on official.commune_code = commune.commune_code and official.province_code = commune.province_code
where profile.profile_code is null or (official.commune_code is not null and commune.commune_code is null)
