select
    report_month,
    commune_code,
    criterion_code,
    result,
    export_date,
    delivery_id,
    line
from {{ lake('tieuchi', 'tieuchi/*/*.parquet') }}
