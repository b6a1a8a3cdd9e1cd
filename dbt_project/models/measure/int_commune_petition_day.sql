{%- set measures = measures_of('voiced') -%}
{%- set satisfied, disliked = 'satisfaction >= 4', 'satisfaction <= 2' -%}

-- What citizens said, by day. A petition counts on the day it was due, once it is known whether it was handled in
-- time; how content they were with its handling, on the day of that; a rating on the day it came. A dossier that met
-- with a petition or with the two lowest levels counts once, on the first such day.
with due as (
    select
        commune_code,
        cast(due_at as date) as date,
        1 as petitions_due,
        case when is_on_time then 1 else 0 end as petitions_on_time
    from {{ ref('fct_petition') }}
    where is_on_time is not null
),

handled as (
    select
        commune_code,
        cast(coalesce(handled_at, received_at) as date) as date,
        1 as petitions_rated,
        case when {{ satisfied }} then 1 else 0 end as petitions_satisfied
    from {{ ref('fct_petition') }}
    where kind = 'kien_nghi' and satisfaction is not null
),

rated as (
    select
        commune_code,
        cast(received_at as date) as date,
        1 as ratings,
        case when {{ satisfied }} then 1 else 0 end as ratings_satisfied
    from {{ ref('fct_petition') }}
    where kind = 'danh_gia' and satisfaction is not null
),

disliked as (
    select
        commune_code,
        cast(min(received_at) as date) as date,
        1 as dossiers_disliked
    from {{ ref('fct_petition') }}
    where dossier_code is not null and (kind = 'kien_nghi' or {{ disliked }})
    group by commune_code, dossier_code
)

{% for source, own in {
    'due': ['petitions_due', 'petitions_on_time'],
    'handled': ['petitions_rated', 'petitions_satisfied'],
    'rated': ['ratings', 'ratings_satisfied'],
    'disliked': ['dossiers_disliked'],
}.items() -%}
select
    commune_code,
    date,
{% for measure in measures -%}
{{ measure if measure in own else '0 as ' ~ measure }}{{ ',' if not loop.last }}
{% endfor %}
from {{ source }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
