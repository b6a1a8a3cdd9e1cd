select
    profile.profile_code,
    profile.profile_name,
    score_group.group_code,
    score_group.portal_code,
    score_group.group_name,
    score_group.max_points as group_max_points,
    score_group.is_inherited,
    score_group.display_order as group_order,
    indicator.indicator_code,
    indicator.indicator_name,
    indicator.max_points,
    indicator.full_from,
    indicator.zero_policy,
    indicator.indicator_code in {{ computed_score_codes() }} as is_computed,
    indicator.display_order,
    profile.valid_from,
    profile.valid_to,
    indicator.source,
    indicator.verified
from {{ ref('score_profile') }} as profile
inner join {{ ref('score_group') }} as score_group on profile.profile_code = score_group.profile_code
inner join {{ ref('score_indicator') }} as indicator
    on score_group.profile_code = indicator.profile_code and score_group.group_code = indicator.group_code
