{# Validity of seeds: `valid_to` is the last day in force, empty while in force. #}

{% macro is_valid_on(day, valid_from, valid_to) -%}
    ({{ day }} >= {{ valid_from }} and ({{ valid_to }} is null or {{ day }} <= {{ valid_to }}))
{%- endmacro %}

{% macro is_current(valid_from, valid_to) -%}
    {{ is_valid_on(as_of_date(), valid_from, valid_to) }}
{%- endmacro %}

{# Joins a dossier to its procedure as it was in force when the dossier was received, or else first seen. #}
{% macro procedure_at_reception(dossier, procedure) -%}
    ({{ dossier }}.procedure_code = {{ procedure }}.procedure_code
    and coalesce({{ dossier }}.received_on, {{ dossier }}.first_seen_on)
    between {{ procedure }}.answers_from and {{ procedure }}.answers_to)
{%- endmacro %}
