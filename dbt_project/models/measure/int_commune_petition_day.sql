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
        case when satisfaction >= 4 then 1 else 0 end as petitions_satisfied
    from {{ ref('fct_petition') }}
    where kind = 'kien_nghi' and satisfaction is not null
),

rated as (
    select
        commune_code,
        cast(received_at as date) as date,
        1 as ratings,
        case when satisfaction >= 4 then 1 else 0 end as ratings_satisfied
    from {{ ref('fct_petition') }}
    where kind = 'danh_gia' and satisfaction is not null
),

disliked as (
    select
        commune_code,
        cast(min(received_at) as date) as date,
        1 as dossiers_disliked
    from {{ ref('fct_petition') }}
    where dossier_code is not null and (kind = 'kien_nghi' or satisfaction <= 2)
    group by commune_code, dossier_code
)

select
    commune_code,
    date,
    petitions_due,
    petitions_on_time,
    0 as petitions_rated,
    0 as petitions_satisfied,
    0 as ratings,
    0 as ratings_satisfied,
    0 as dossiers_disliked
from due
union all
select
    commune_code,
    date,
    0 as petitions_due,
    0 as petitions_on_time,
    petitions_rated,
    petitions_satisfied,
    0 as ratings,
    0 as ratings_satisfied,
    0 as dossiers_disliked
from handled
union all
select
    commune_code,
    date,
    0 as petitions_due,
    0 as petitions_on_time,
    0 as petitions_rated,
    0 as petitions_satisfied,
    ratings,
    ratings_satisfied,
    0 as dossiers_disliked
from rated
union all
select
    commune_code,
    date,
    0 as petitions_due,
    0 as petitions_on_time,
    0 as petitions_rated,
    0 as petitions_satisfied,
    0 as ratings,
    0 as ratings_satisfied,
    dossiers_disliked
from disliked
