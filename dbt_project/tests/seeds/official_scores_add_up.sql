-- A score read on the portal whose six groups are all there sums up to its total.
with summed as (
    select
        *,
        round(
            {% for code in score_groups() -%}
            score_{{ code }}{{ ' + ' if not loop.last }}
            {%- endfor %}, 2
        ) as sum_of_groups
    from {{ ref('official_score') }}
),

faults as (
    select
        concat(
            'Danh mục official_score.csv: tỉnh ', province_code, ', xã ', coalesce(commune_code, '(cả tỉnh)'),
            ', đọc ngày ', cast(read_on as varchar), ', sáu nhóm cộng lại được ', cast(sum_of_groups as varchar),
            ' nhưng tổng ghi ', cast(score_total as varchar), '; hãy xem lại trên Cổng.'
        ) as sentence
    from summed
    where sum_of_groups <> score_total
)

{{ refuse('faults') }}
