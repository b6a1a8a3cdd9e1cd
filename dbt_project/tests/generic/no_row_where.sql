{# Rows of a seed for which a condition in SQL, that must never be true, is true. `key` are the columns by which the
   reader finds the row; `remedy` says what is wrong and what to do. #}
{% test no_row_where(model, wrong, key, remedy) %}
with faults as (
    select concat({{ seed_named(model) }}, 'dòng ', {{ key_text(key) }}, ': {{ remedy }}.') as sentence
    from {{ model }}
    where {{ wrong }}
)

{{ refuse('faults') }}
{% endtest %}
