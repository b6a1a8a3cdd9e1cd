{{ config(
    materialized='scalar_function', parameters=['value', 'before'], contract={'enforced': false}
) }}

{{ count_change('value', 'before') }}
