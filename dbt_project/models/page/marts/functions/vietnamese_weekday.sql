{{ config(
    materialized='scalar_function', parameters=['day'], contract={'enforced': false}
) }}

{{ vietnamese_weekday('cast(day as date)') }}
