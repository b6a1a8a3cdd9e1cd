{# Two versions of one code that are in force on the same day, or a version that ends before it begins. #}
{% test validity_without_overlap(model, code) %}
with versions as (
    select
        {{ code }} as code,
        valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to,
        lead(valid_from) over (partition by {{ code }} order by valid_from) as next_from
    from {{ model }}
)

select *
from versions
where valid_to < valid_from or next_from <= valid_to
{% endtest %}
