select
    delivery_id,
    kind,
    export_date,
    commune_code,
    file_name,
    line,
    column_name,
    rule,
    reason,
    value_masked
from {{ lake('quarantine', 'quarantine/*.parquet') }}
