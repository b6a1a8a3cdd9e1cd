{# Where the lake's Parquet lies, for one kind of record.

   A zero-row anchor carries the contract's columns, so that an empty lake reads and files from before a column
   existed still unite. DuckDB refuses a pattern that matches nothing, hence the look before the pattern is named. #}
{% macro lake(kind, pattern) -%}
    {%- set relation = source('lake', kind) -%}
    {%- if relation.is_cte -%}
        {{- relation -}}
    {%- else -%}
        {%- set root = env_var('MOTCUA_HOME', 'data') ~ '/lake/' -%}
        {%- set anchor = root ~ '_schema/' ~ kind ~ '.parquet' -%}
        {%- if execute and not lake_has(anchor) -%}
            {{- exceptions.raise_compiler_error(
                'Chưa có hồ dữ liệu: thiếu ' ~ anchor ~ '. Hãy chạy motcua run một lần, hoặc đặt MOTCUA_HOME cho đúng.'
            ) -}}
        {%- endif -%}
        {%- set patterns = [anchor] -%}
        {%- if execute and lake_has(root ~ pattern) -%}
            {%- do patterns.append(root ~ pattern) -%}
        {%- endif -%}
        {{- parquet_files(patterns) -}}
    {%- endif -%}
{%- endmacro %}
