select
    delivery_id,
    landing_seq,
    -- A name that says no kind is kept under one word by landing; older ledgers left it out.
    coalesce(kind, 'khac') as kind,
    export_date,
    unit_code,
    commune_code,
    file_name,
    sha256,
    arrived_at,
    landed_at,
    status,
    rows_read,
    rows_accepted,
    rows_rejected,
    reason,
    unknown_columns
from {{ lake('ledger', 'ledger/*.parquet') }}
-- A replay of an earlier day judges it by all that is known of it now.
where export_date <= {{ as_of_date() }}
