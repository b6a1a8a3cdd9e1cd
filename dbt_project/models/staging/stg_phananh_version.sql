select
    petition_code,
    petition_kind,
    dossier_code,
    commune_code,
    received_at,
    due_at,
    handled_at,
    classification,
    satisfaction,
    intake_channel,
    export_date,
    delivery_id,
    line,
    file_row_number as position
from {{ lake('phananh', 'phananh/*/*.parquet') }}
