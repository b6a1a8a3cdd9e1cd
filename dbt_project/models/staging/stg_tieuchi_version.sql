select
    report_month,
    commune_code,
    criterion_code,
    result,
    export_date,
    delivery_id,
    line,
    file_row_number as position
from {{ lake('tieuchi', 'tieuchi/*/*.parquet') }}
