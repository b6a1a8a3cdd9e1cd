-- What citizens said, by day: a row per petition or rating. A petition counts on the day it was due, once it is known
-- whether it was handled in time; a rating on the day it came. Levels 4 and 5 are satisfied.
select
    commune_code,
    cast(due_at as date) as date,
    1 as petitions_due,
    case when is_on_time then 1 else 0 end as petitions_on_time,
    0 as ratings,
    0 as ratings_satisfied
from {{ ref('fct_petition') }}
where is_on_time is not null
union all
select
    commune_code,
    cast(received_at as date) as date,
    0 as petitions_due,
    0 as petitions_on_time,
    1 as ratings,
    case when satisfaction >= 4 then 1 else 0 end as ratings_satisfied
from {{ ref('fct_petition') }}
where kind = 'danh_gia' and satisfaction is not null
