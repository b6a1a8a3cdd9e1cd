-- Whoever is told that a delivery was rejected must be told why.
select *
from {{ ref('int_delivery_status') }}
where status = 'rejected' and reason is null
