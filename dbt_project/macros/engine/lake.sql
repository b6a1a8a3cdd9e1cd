{# How an engine reads Parquet. `default__` is Spark. #}

{# Whether any file matches; the lake's pattern, like a shell's. #}
{% macro lake_has(pattern) -%}
    {{ return(adapter.dispatch('lake_has', 'motcua')(pattern)) }}
{%- endmacro %}

{# Spark takes patterns that match nothing beside one that does. #}
{% macro default__lake_has(pattern) -%}
    {{- return(true) -}}
{%- endmacro %}

{% macro duckdb__lake_has(pattern) -%}
    {{- return(run_query("select count(*) from glob('" ~ pattern ~ "')").columns[0].values()[0] > 0) -}}
{%- endmacro %}

{# A relation over all files that match any of the patterns: columns by their names, absent ones empty,
   and a row's place in its file as `file_row_number`. #}
{% macro parquet_files(patterns) -%}
    {{ return(adapter.dispatch('parquet_files', 'motcua')(patterns)) }}
{%- endmacro %}

{# Absent columns need `spark.sql.parquet.mergeSchema`. #}
{% macro default__parquet_files(patterns) -%}
    (
        select
            *,
            _metadata.row_index as file_row_number
        from parquet.`{{ '{' }}{{ patterns | join(',') }}{{ '}' }}`
    )
{%- endmacro %}

{% macro duckdb__parquet_files(patterns) -%}
    read_parquet(
        [{% for pattern in patterns %}'{{ pattern }}'{{ ', ' if not loop.last }}{% endfor %}],
        union_by_name = true, hive_partitioning = false, file_row_number = true
    )
{%- endmacro %}
