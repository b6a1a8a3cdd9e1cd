{# The two official on-time rules. They disagree on the same dossier, so each has its own name and home. #}

{# Form II.06: by date; no due date counts as on time. #}
{% macro timeliness_by_date(ended_on, due_on) -%}
    case
        when {{ due_on }} is null or {{ ended_on }} = {{ due_on }} then 'on_time'
        when {{ ended_on }} < {{ due_on }} then 'early'
        else 'late'
    end
{%- endmacro %}

{# The last second in time. A due time of exactly midnight is a date written without its hour: that whole day. #}
{% macro end_of_due(due_at) -%}
    case
        when {{ is_midnight(due_at) }} then {{ add_seconds(due_at, 86399) }}
        else {{ due_at }}
    end
{%- endmacro %}
