{# What became of an export, for readers: symbol and words, and the light that goes with them. #}

{% macro delivery_label(status) -%}
    case {{ status }}
        when 'accepted' then '● Đã nhận'
        when 'accepted_with_rejects' then '▲ Có dòng lỗi'
        when 'late' then '▲ Nộp muộn'
        when 'rejected' then '■ Bị trả lại'
        else '■ Chưa nộp'
    end
{%- endmacro %}

{% macro delivery_light(status) -%}
    case
        when {{ status }} = 'accepted' then 'green'
        when {{ status }} in ('accepted_with_rejects', 'late') then 'yellow'
        else 'red'
    end
{%- endmacro %}
