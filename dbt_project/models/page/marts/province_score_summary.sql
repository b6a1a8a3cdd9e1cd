-- The 766 score of the province's communes in four cards per period: the middle, who has a score, what is known, who
-- rose and fell.
with score as (
    select
        scored.*,
        period.period_type_name,
        period.period_label,
        period.previous_start
    from {{ ref('commune_score') }} as scored
    inner join {{ ref('dim_period') }} as period
        on scored.period_type = period.period_type and scored.period_start = period.period_start
),

score_count as (
    select
        period_type,
        period_start,
        period_type_name,
        period_label,
        previous_start,
        count(*) as communes,
        count(score_total) as communes_scored,
        max(case when score_total is not null then points_unknown end) as points_unknown,
        sum(case when rank_change > 0 then 1 else 0 end) as communes_up,
        sum(case when rank_change < 0 then 1 else 0 end) as communes_down
    from score
    group by period_type, period_start, period_type_name, period_label, previous_start
),

band_count as (
    select
        period_type,
        period_start,
        band_name,
        count(*) as communes,
        max(score_total) as best_score
    from score
    where band_name is not null
    group by period_type, period_start, band_name
),

band as (
    select
        period_type,
        period_start,
        {{ listed("band_name || ': ' || " ~ vietnamese_number('communes', 0), '-best_score') }} as band_text
    from band_count
    group by period_type, period_start
),

measured as (
    select
        score_count.*,
        band.band_text,
        total.p25,
        total.p50,
        total.p75,
        total_before.p50 as p50_before
    from score_count
    left join band on score_count.period_type = band.period_type and score_count.period_start = band.period_start
    left join {{ ref('score_spread') }} as total
        on
            score_count.period_type = total.period_type
            and score_count.period_start = total.period_start
            and total.group_code = 'total'
    left join {{ ref('score_spread') }} as total_before
        on
            score_count.period_type = total_before.period_type
            and score_count.previous_start = total_before.period_start
            and total_before.group_code = 'total'
)

select
    period_type,
    period_type_name,
    period_start,
    period_label,
    1 as card_order,
    'Mức điểm giữa' as title,
    coalesce({{ vietnamese_number('p50', 2) }}, '–') as value_text,
    case
        when p50_before is null or p50 is null then 'chưa có kỳ trước'
        when round(p50 - p50_before, 2) = 0 then '= như kỳ trước'
        else
            {{ arrow('p50 - p50_before') }} || {{ vietnamese_number('abs(p50 - p50_before)', 2) }} || ' so với kỳ trước'
    end as change_text,
    coalesce(
        'Nửa giữa: ' || {{ vietnamese_number('p25', 2) }} || '–' || {{ vietnamese_number('p75', 2) }},
        'Chưa đủ xã, phường có điểm'
    ) as detail,
    'Một nửa số xã, phường có tổng điểm từ mức này trở lên' as definition
from measured
union all
select
    period_type,
    period_type_name,
    period_start,
    period_label,
    2 as card_order,
    'Xã, phường có điểm' as title,
    {{ vietnamese_number('communes_scored', 0) }} || '/' || {{ vietnamese_number('communes', 0) }} as value_text,
    '' as change_text,
    coalesce(band_text, 'Chưa có xếp loại') as detail,
    'Xã, phường có số liệu trong kỳ; xếp loại theo phần điểm đã tính được' as definition
from measured
union all
select
    period_type,
    period_type_name,
    period_start,
    period_label,
    3 as card_order,
    'Điểm tính được' as title,
    coalesce({{ vietnamese_number('100 - points_unknown', 0) }}, '–') || '/100' as value_text,
    '' as change_text,
    case
        when points_unknown > 0
            then
                'Còn ' || {{ vietnamese_number('points_unknown', 0) }}
                || ' điểm cần số liệu của Cổng DVC quốc gia'
        else 'Đủ các nhóm điểm'
    end as detail,
    'Phần điểm mà tệp gửi về và số liệu cung cấp thêm cho biết; phần còn lại không tính là mất' as definition
from measured
union all
select
    period_type,
    period_type_name,
    period_start,
    period_label,
    4 as card_order,
    'Thay đổi hạng' as title,
    '▲ ' || {{ vietnamese_number('communes_up', 0) }} || '  ▼ ' || {{ vietnamese_number('communes_down', 0) }}
        as value_text,
    'so với kỳ trước' as change_text,
    'Số xã, phường lên hạng, xuống hạng' as detail,
    'Hạng theo tổng điểm; các xã bằng điểm chung một hạng' as definition
from measured
