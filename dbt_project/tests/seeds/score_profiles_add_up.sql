-- The indicators of a group sum up to its maximum and the groups to 100; a ratio can reach every threshold; the bands
-- begin at 0.
with of_indicators as (
    select
        profile_code,
        group_code,
        sum(max_points) as max_points
    from {{ ref('score_indicator') }}
    group by profile_code, group_code
),

of_groups as (
    select
        profile_code,
        sum(max_points) as max_points
    from {{ ref('score_group') }}
    group by profile_code
),

faults as (
    select
        concat(
            'Danh mục score_indicator.csv: bộ ', coalesce(of_indicators.profile_code, of_group.profile_code), ', nhóm ',
            coalesce(of_indicators.group_code, of_group.group_code), ', các chỉ số cộng lại được ',
            coalesce(cast(of_indicators.max_points as varchar), '0'), ' điểm, nhưng score_group.csv ghi ',
            coalesce(cast(of_group.max_points as varchar), 'không có nhóm này'), '; hãy sửa cho khớp.'
        ) as sentence
    from of_indicators
    full outer join {{ ref('score_group') }} as of_group
        on of_indicators.profile_code = of_group.profile_code and of_indicators.group_code = of_group.group_code
    where not coalesce(of_indicators.max_points = of_group.max_points, false)
    union all
    select
        concat(
            'Danh mục score_group.csv: bộ ', profile_code, ' có tổng điểm các nhóm là ', cast(max_points as varchar),
            '; tổng phải là 100.'
        ) as sentence
    from of_groups
    where max_points <> 100
    union all
    select
        concat(
            'Danh mục score_indicator.csv: bộ ', profile_code, ', chỉ số ', indicator_code,
            ', thiếu điểm tối đa hoặc có full_from không nằm trong khoảng trên 0 đến 1; hãy ghi 1 nếu tính theo tỷ lệ.'
        ) as sentence
    from {{ ref('score_indicator') }}
    where not coalesce(full_from > 0 and full_from <= 1 and max_points > 0, false)
    union all
    select
        concat(
            'Danh mục score_band.csv: bộ ', profile.profile_code,
            ' không có mức xếp loại nào từ 0 điểm; hãy thêm mức thấp nhất.'
        ) as sentence
    from {{ ref('score_profile') }} as profile
    left join {{ ref('score_band') }} as band on profile.profile_code = band.profile_code and band.points_from = 0
    where band.band_code is null
)

{{ refuse('faults') }}
