-- What is given, inherited or read on the portal names a profile, an indicator, a group and a commune that there are.
with faults as (
    select
        concat(
            'Danh mục score_given.csv: bộ ', given.profile_code, ', chỉ số ', given.indicator_code, ', xã ',
            coalesce(given.commune_code, '(cả tỉnh ' || given.province_code || ')'),
            case
                when indicator.indicator_code is null then ': không có chỉ số này trong bộ; hãy sửa mã.'
                when indicator.is_inherited and given.commune_code is not null
                    then ': nhóm này lấy điểm của tỉnh, nên để trống commune_code.'
                when given.commune_code is not null and commune.commune_code is null
                    then ': không có xã này trong tỉnh; hãy sửa mã.'
                else ': thiếu tử số hoặc mẫu số, hoặc có số âm; hãy điền lại.'
            end
        ) as sentence
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
        concat(
            'Danh mục score_inherited.csv: bộ ', inherited.profile_code, ', nhóm ', inherited.group_code,
            ', không phải nhóm lấy điểm của tỉnh, hoặc điểm nằm ngoài khoảng 0 đến điểm tối đa; hãy sửa lại.'
        ) as sentence
    from {{ ref('score_inherited') }} as inherited
    left join {{ ref('score_group') }} as of_group
        on inherited.profile_code = of_group.profile_code and inherited.group_code = of_group.group_code
    where not coalesce(of_group.is_inherited and inherited.points between 0 and of_group.max_points, false)
    union all
    select
        concat(
            'Danh mục official_score.csv: bộ ', official.profile_code, ', xã ',
            coalesce(official.commune_code, '(cả tỉnh)'), ', không có bộ chỉ số hoặc xã này trong tỉnh ',
            official.province_code, '; hãy sửa mã.'
        ) as sentence
    from {{ ref('official_score') }} as official
    left join {{ ref('score_profile') }} as profile on official.profile_code = profile.profile_code
    left join {{ ref('commune') }} as commune
        on official.commune_code = commune.commune_code and official.province_code = commune.province_code
    where profile.profile_code is null or (official.commune_code is not null and commune.commune_code is null)
)

{{ refuse('faults') }}
