{{ config(
    materialized='scalar_function', parameters=['day'], contract={'enforced': false}
) }}

{{ vietnamese_day_month('cast(day as date)') }}
