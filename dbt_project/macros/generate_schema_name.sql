{# Schemas carry exactly the names that readers rely on, without dbt's target prefix. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{- custom_schema_name | trim if custom_schema_name else target.schema -}}
{%- endmacro %}
