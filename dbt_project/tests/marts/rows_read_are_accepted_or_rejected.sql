-- Nothing read may get lost: accepted + rejected = read.
select *
from {{ ref('delivery') }}
where rows_read <> rows_accepted + rows_rejected
