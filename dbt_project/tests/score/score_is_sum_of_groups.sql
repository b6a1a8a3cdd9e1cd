-- A total that is not the sum of the groups beside it, or points beyond a maximum.
select *
from {{ ref('commune_score') }}
where
    round(
        {% for code in score_groups() -%}
        coalesce(score_{{ code }}, 0){{ ' + ' if not loop.last }}
        {%- endfor %}, 2
    ) <> score_total
    or score_total + points_unknown > 100.001
    {% for code in score_groups() -%}
    or score_{{ code }} not between 0 and max_{{ code }}
    {% endfor %}
