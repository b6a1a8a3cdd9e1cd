{# Validity of seeds: `valid_to` is the last day in force, empty while in force. Two plain comparisons, because an
   `or` in the condition of a join keeps it from being hashed by the join's other keys. #}

{% macro is_valid_on(day, valid_from, valid_to) -%}
    ({{ day }} >= {{ valid_from }} and {{ day }} <= coalesce({{ valid_to }}, cast('9999-12-31' as date)))
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
