{# A code in a seed that the seed it refers to does not hold. #}
{% test known_code(model, column_name, to, field) %}
with faults as (
    select
        concat(
            {{ seed_named(model) }}, 'cột {{ column_name }} có mã ', coalesce(cast(own.{{ column_name }} as varchar), 'trống'),
            ' mà danh mục {{ to.identifier }}.csv không có; hãy sửa mã hoặc thêm mã vào {{ to.identifier }}.csv.'
        ) as sentence
    from {{ model }} as own
    left join {{ to }} as other on own.{{ column_name }} = other.{{ field }}
    where other.{{ field }} is null
    group by own.{{ column_name }}
)

{{ refuse('faults') }}
{% endtest %}
