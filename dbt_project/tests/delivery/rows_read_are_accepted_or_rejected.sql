-- Nothing read may get lost: accepted + rejected = read.
select *
from {{ ref('int_delivery_status') }}
where rows_read <> rows_accepted + rows_rejected
