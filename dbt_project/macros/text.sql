{# Texts for readers. #}

{# With one decimal, or none where there is nothing behind the comma. #}
{% macro vietnamese_short(value) -%}
    case
        when {{ value }} = round({{ value }}, 0) then {{ vietnamese_number(value, 0) }}
        else {{ vietnamese_number(value, 1) }}
    end
{%- endmacro %}

{# The sign of a change, for readers who do not see red from green. #}
{% macro arrow(change) -%}
    case when {{ change }} > 0 then '▲ ' when {{ change }} < 0 then '▼ ' else '' end
{%- endmacro %}

{# By how much a count has changed since it was `before`: "▲ 1.234", "▼ 12", "=". #}
{% macro count_change(value, before) -%}
    case
        when {{ value }} = {{ before }} then '='
        else {{ arrow(value ~ ' - ' ~ before) }} || {{ vietnamese_number('abs(' ~ value ~ ' - ' ~ before ~ ')', 0) }}
    end
{%- endmacro %}

{# An aggregate: the texts that are not null, one after the other in the order of a column. #}
{% macro listed(text, order_by) -%}
    {{ dbt.listagg(text, "', '", 'order by ' ~ order_by) | trim }}
{%- endmacro %}

{# A day as Vietnamese readers write it, 05/12/2025. #}
{% macro vietnamese_day(day) -%}
    {{ formatted('cast(' ~ day ~ ' as timestamp)', "'%d/%m/%Y'") }}
{%- endmacro %}

{# A day whose year is clear, 05/12. #}
{% macro vietnamese_day_month(day) -%}
    {{ formatted('cast(' ~ day ~ ' as timestamp)', "'%d/%m'") }}
{%- endmacro %}

{# The month of a day, 12/2025. #}
{% macro vietnamese_month(day) -%}
    {{ formatted('cast(' ~ day ~ ' as timestamp)', "'%m/%Y'") }}
{%- endmacro %}

{# A moment as Vietnamese readers write it, 16:30 ngày 05/12/2025. #}
{% macro vietnamese_moment(at) -%}
    {{ formatted('cast(' ~ at ~ ' as timestamp)', "'%H:%M'") }} || ' ngày ' || {{ vietnamese_day(at) }}
{%- endmacro %}

{# The day of the week. #}
{% macro vietnamese_weekday(day) -%}
    case {{ iso_weekday(day) }}
        when 1 then 'Thứ Hai' when 2 then 'Thứ Ba' when 3 then 'Thứ Tư' when 4 then 'Thứ Năm' when 5 then 'Thứ Sáu'
        when 6 then 'Thứ Bảy' when 7 then 'Chủ nhật'
    end
{%- endmacro %}

{# A branch of the land registration office as lists have room for it; other names as they are. #}
{% macro unit_short_name(name) -%}
    replace(
        replace({{ name }}, 'Chi nhánh Văn phòng Đăng ký đất đai', 'VPĐK đất đai'), 'Văn phòng Đăng ký đất đai',
        'VPĐK đất đai'
    )
{%- endmacro %}
