{# A word in a seed that is none of those that mean something; nothing at all only where it may be `empty`. #}
{% test one_of(model, column_name, values, empty=false) %}
with faults as (
    select
        concat(
            {{ seed_named(model) }}, 'cột {{ column_name }} có giá trị ',
            coalesce(cast({{ column_name }} as varchar), 'trống'), '; chỉ được ghi {{ values | join(", ") }}.'
        ) as sentence
    from {{ model }}
    where
        {{ column_name }} not in {{ quoted_list(values) }}
{% if not empty %}or {{ column_name }} is null{% endif %}
    group by {{ column_name }}
)

{{ refuse('faults') }}
{% endtest %}
