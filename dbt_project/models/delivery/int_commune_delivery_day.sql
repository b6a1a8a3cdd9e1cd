-- What communes were to send and sent, by export date and over all kinds; only `hoso` is owed.
select
    commune_code,
    export_date as date,
    sum(case when is_expected then 1 else 0 end) as exports_expected,
    sum(case when is_expected and is_on_time then 1 else 0 end) as exports_on_time,
    sum(case when kind = 'hoso' and status in ('accepted', 'accepted_with_rejects', 'late') then 1 else 0 end)
        as exports_arrived,
    sum(rows_read) as rows_read,
    sum(rows_rejected) as rows_rejected
from {{ ref('int_delivery_status') }}
group by commune_code, export_date
