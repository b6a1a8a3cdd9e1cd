{# Survival of stays in a stage, after whole working hours: what the models of risk share. #}

{# The groups that a dossier is held against, from wide to narrow; each is shrunk towards the one before. Names are for
   readers, columns tell dossiers of one group apart. #}
{% macro risk_groups() -%}
    {{ return([
        {'level': 1, 'columns': ['stage_code'], 'name': 'cùng công đoạn'},
        {'level': 2, 'columns': ['stage_code', 'field_code'], 'name': 'cùng công đoạn và lĩnh vực'},
        {'level': 3, 'columns': ['stage_code', 'procedure_code'], 'name': 'cùng công đoạn và thủ tục'},
        {'level': 4, 'columns': ['stage_code', 'procedure_code', 'unit'], 'name': 'cùng công đoạn, thủ tục và đơn vị'},
    ]) }}
{%- endmacro %}

{# All columns that any group goes by. #}
{% macro risk_group_columns() -%}
    {{ return(['stage_code', 'field_code', 'procedure_code', 'unit']) }}
{%- endmacro %}

{# Joins a row to its group of one level. #}
{% macro of_risk_group(group, row, wanted) -%}
    {{ wanted }}.level = {{ group['level'] }}
    {%- for column in group['columns'] %} and {{ row }}.{{ column }} = {{ wanted }}.{{ column }}{% endfor %}
{%- endmacro %}

{# Working minutes as whole working hours that are over. #}
{% macro whole_hours(minutes) -%}
    cast(floor(greatest(0, {{ minutes }}) / 60.0) as integer)
{%- endmacro %}

{# The columns of a group; those that it does not go by are empty. #}
{% macro columns_of_risk_group(group) -%}
    {%- for column in risk_group_columns() -%}
        {{ column if column in group['columns'] else "''" }} as {{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# What a group is called; `level` is an expression. #}
{% macro risk_group_name(level) -%}
    case {{ level }}
    {%- for group in risk_groups() %}
        when {{ group['level'] }} then '{{ group['name'] }}'
    {%- endfor %}
    end
{%- endmacro %}

{# Aggregates that bring the rows of a dossier's groups side by side: `size_1`, `share_1` and so on. #}
{% macro risk_groups_side_by_side() -%}
    {%- for group in risk_groups() -%}
        max(case when level = {{ group['level'] }} then group_size end) as size_{{ group['level'] }},
        max(case when level = {{ group['level'] }} then missed_share end) as share_{{ group['level'] }}
        {{- ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}

{# Of the columns side by side, that of the row's `level`. #}
{% macro of_risk_level(name) -%}
    case level
    {%- for group in risk_groups() %}
        when {{ group['level'] }} then {{ name }}_{{ group['level'] }}
    {%- endfor %}
    end
{%- endmacro %}

{# The narrowest group that says as much as the wider ones; the widest if none does. #}
{% macro narrowest_risk_group(weight) -%}
    case
    {%- for group in risk_groups()[1:] | reverse %}
        when size_{{ group['level'] }} >= {{ weight }} then {{ group['level'] }}
    {%- endfor %}
        else {{ risk_groups()[0]['level'] }}
    end
{%- endmacro %}

{# The share of the narrowest group, shrunk towards the wider groups one after the other. #}
{% macro shrunk_risk(groups, weight) -%}
    {%- set wide = groups[:-1] -%}
    {%- set level = groups[-1]['level'] -%}
    {%- if not wide -%}
        share_{{ level }}
    {%- else -%}
        (coalesce(size_{{ level }} * share_{{ level }}, 0) + {{ weight }} * {{ shrunk_risk(wide, weight) }})
        / (size_{{ level }} + {{ weight }})
    {%- endif -%}
{%- endmacro %}

{# A logarithm turns the product of shares into a sum. Where all that were left finished, nothing survives, which has
   none: e to the -700, rounded, is nothing. #}
{% macro log_of_survivors(finishes, at_risk) -%}
    case
        when {{ finishes }} = 0 then 0.0
        when {{ finishes }} < {{ at_risk }} then ln(1 - {{ finishes }} / cast({{ at_risk }} as double))
        else -700.0
    end
{%- endmacro %}
