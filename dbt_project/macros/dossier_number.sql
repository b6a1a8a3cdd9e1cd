{# Dossier numbers: unit, day, sequence, parted by hyphens, as in H15.50.05.13-261008-0975. #}

{# Digits of the sequence that ends a dossier number; null for numbers of another form. #}
{% macro sequence_digits(dossier_code) -%}
    nullif(length(regexp_extract({{ dossier_code }}, '-[0-9]{6}-([0-9]+)$', 1)), 0)
{%- endmacro %}
