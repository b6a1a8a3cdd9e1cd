{{ config(
    materialized='scalar_function', parameters=['value', 'decimals'], contract={'enforced': false}
) }}

{{ vietnamese_number('value', 'decimals') }}
