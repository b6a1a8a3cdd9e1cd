select
    dossier_code,
    commune_code,
    step_number,
    stage,
    department,
    unit_type,
    started_at,
    due_at,
    ended_at,
    status_code as status_text,
    export_date,
    delivery_id,
    line,
    file_row_number as position
from {{ lake('tientrinh', 'tientrinh/*/*.parquet') }}
