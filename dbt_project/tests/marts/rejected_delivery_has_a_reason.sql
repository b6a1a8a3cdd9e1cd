-- Whoever is told that a delivery was rejected must be told why.
select *
from {{ ref('delivery') }}
where status = 'rejected' and reason is null
