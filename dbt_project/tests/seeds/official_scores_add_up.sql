-- A score read on the portal whose six groups are all there and do not sum up to its total: a slip of the pen.
select *
from {{ ref('official_score') }}
where
    round(
        {% for code in score_groups() -%}
        score_{{ code }}{{ ' + ' if not loop.last }}
        {%- endfor %}, 2
    ) <> score_total
