{# The only place where the project learns what time it is. Everything else asks these macros. #}

{% macro now_string() -%}
    {%- set given = var('now', none) -%}
    {%- if given -%}
        {{- given -}}
    {%- else -%}
        {{- run_started_at.astimezone(modules.pytz.timezone('Asia/Ho_Chi_Minh')).strftime('%Y-%m-%d %H:%M:%S') -}}
    {%- endif -%}
{%- endmacro %}

{# The day whose evening state the warehouse shows. #}
{% macro as_of_date() -%}
    cast('{{ now_string()[:10] }}' as date)
{%- endmacro %}

{# The end of that day's reception of exports: running clocks of open dossiers stop here, so that two runs
   of one day agree. #}
{% macro as_of_timestamp() -%}
    cast('{{ now_string()[:10] }} {{ var("cutoff") }}:00' as timestamp)
{%- endmacro %}

{# The latest day whose exports had to be in by now. #}
{% macro last_due_day() -%}
    {%- if now_string()[11:16] >= var('cutoff') -%}
        {{- as_of_date() -}}
    {%- else -%}
        {{- add_days(as_of_date(), -1) -}}
    {%- endif -%}
{%- endmacro %}

{# The first day of daily stocks and periods, whatever old dates a dossier claims. #}
{% macro history_floor() -%}
    {{- add_months(as_of_date(), -12 * (var('history_years') | int)) -}}
{%- endmacro %}

{# Two digits; one warehouse holds one province. #}
{% macro province_code() -%}
    '{{ env_var("MOTCUA_PROVINCE", "38") }}'
{%- endmacro %}

{# The instant by which the exports of a day had to be in. #}
{% macro cutoff_of(day) -%}
    {{- add_seconds('cast(' ~ day ~ ' as timestamp)', var('cutoff')[:2] | int * 3600 + var('cutoff')[3:5] | int * 60) -}}
{%- endmacro %}
