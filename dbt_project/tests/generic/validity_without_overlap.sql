{# Versions of one code: none ends before it begins, no two are in force on the same day, and, unless `gaps` are
   allowed, none is followed by days without any. #}
{% test validity_without_overlap(model, code, gaps=true) %}
with versions as (
    select
        {{ code }} as code,
        valid_from,
        valid_to,
        lead(valid_from) over (partition by {{ code }} order by valid_from) as next_from
    from {{ model }}
),

faults as (
    select
        concat(
            {{ seed_named(model) }}, code, ' có valid_to ', cast(valid_to as varchar), ' trước valid_from ',
            cast(valid_from as varchar), '; hãy sửa một trong hai ngày.'
        ) as sentence
    from versions
    where valid_to < valid_from
    union all
    select
        concat(
            {{ seed_named(model) }}, code,
            case
                when next_from = valid_from
                    then concat(' có hai dòng cùng bắt đầu từ ngày ', cast(valid_from as varchar), '; hãy chỉ giữ một dòng.')
                else concat(
                    ' có hai dòng cùng hiệu lực từ ngày ', cast(next_from as varchar), ' (dòng từ ',
                    cast(valid_from as varchar), ' còn hiệu lực đến ', coalesce(cast(valid_to as varchar), 'nay'),
                    '); hãy ghi valid_to của dòng từ ', cast(valid_from as varchar), ' là ',
                    cast({{ add_days('next_from', -1) }} as varchar), '.'
                )
            end
        ) as sentence
    from versions
    where next_from <= coalesce(valid_to, next_from)
{%- if not gaps %}
    union all
    select
        concat(
            {{ seed_named(model) }}, code, ' không có dòng nào hiệu lực từ sau ngày ', cast(valid_to as varchar),
            case
                when next_from is null then ' trở đi'
                else concat(' đến trước ngày ', cast(next_from as varchar))
            end,
            '; hãy nối liền hiệu lực hoặc thêm dòng.'
        ) as sentence
    from versions
    where
        {{ add_days('valid_to', 1) }} < next_from
        or (next_from is null and valid_to < {{ as_of_date() }})
    {%- endif %}
)

{{ refuse('faults') }}
{% endtest %}
