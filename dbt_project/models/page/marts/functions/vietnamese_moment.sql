{{ config(
    materialized='scalar_function', parameters=['moment'], contract={'enforced': false}
) }}

{{ vietnamese_moment('cast(moment as timestamp)') }}
