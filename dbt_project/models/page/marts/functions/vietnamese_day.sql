{{ config(
    materialized='scalar_function', parameters=['day'], contract={'enforced': false}
) }}

{{ vietnamese_day('cast(day as date)') }}
