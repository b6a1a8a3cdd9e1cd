{# A seed whose key occurs more than once. #}
{% test one_row_per(model, columns) %}
with faults as (
    select
        concat(
            {{ seed_named(model) }}, '{{ columns | join(", ") }} = ', {{ key_text(columns) }}, ' có ',
            cast(count(*) as varchar), ' dòng; hãy chỉ giữ một dòng.'
        ) as sentence
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
)

{{ refuse('faults') }}
{% endtest %}
