{{ config(
    materialized='scalar_function', parameters=['day'], contract={'enforced': false}
) }}

{{ vietnamese_month('day') }}
