{{ config(
    materialized='scalar_function', parameters=['day'], contract={'enforced': false}
) }}

{{ vietnamese_month('cast(day as date)') }}
