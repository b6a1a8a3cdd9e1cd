{{ config(
    materialized='scalar_function', parameters=['name'], contract={'enforced': false}
) }}

{{ unit_short_name('name') }}
