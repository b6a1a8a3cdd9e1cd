select
    delivery_id,
    -- As in the ledger: one word for a name that says no kind.
    coalesce(kind, 'khac') as kind,
    export_date,
    commune_code,
    file_name,
    line,
    column_name,
    rule,
    reason,
    value_masked
from {{ lake('quarantine', 'quarantine/*.parquet') }}
