{%- set shown = ['total'] + score_groups() -%}

-- Scores as read on the portal beside ours of the same period. The province's own row has no counterpart here.
select
    official.commune_code,
    commune.commune_name,
    official.profile_code,
    official.period_type,
    official.period_start,
    official.read_on,
    period.counted_to,
    {% for name in shown -%}
    official.score_{{ name }} as official_{{ name }},
    ours.score_{{ name }} as our_{{ name }},
    round(ours.score_{{ name }} - official.score_{{ name }}, 2) as difference_{{ name }},
    {% endfor -%}
    official.official_rank,
    ours.rank as our_rank,
    ours.points_unknown as our_points_unknown,
    official.source
from {{ ref('official_score') }} as official
left join {{ ref('int_commune_spine') }} as commune on official.commune_code = commune.commune_code
left join {{ ref('int_period') }} as period
    on official.period_type = period.period_type and official.period_start = period.period_start
left join {{ ref('commune_score') }} as ours
    on
        official.commune_code = ours.commune_code
        and official.profile_code = ours.profile_code
        and official.period_type = ours.period_type
        and official.period_start = ours.period_start
where official.province_code = {{ province_code() }}
