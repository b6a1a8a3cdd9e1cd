with viewer as (
    select
        '' as username,
        '' as commune_code
    where false
    {% for viewer in var('viewers', []) %}
    union all
    select
        '{{ viewer[0] }}' as username,
        '{{ viewer[1] }}' as commune_code
    {% endfor %}
)

select
    username,
    commune_code
from viewer
