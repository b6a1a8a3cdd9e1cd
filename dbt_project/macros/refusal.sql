{# Checks of seeds end the build with a sentence for the person who edited them: which seed, which code, which dates,
   what to do. A count of bad rows, which is all that a dbt test says by itself, would send her searching. #}

{# The body of a test: fails with the first of the sentences in the column `sentence` of `faults`, and says how many
   more there are; returns no row if there is none. #}
{% macro refuse(faults) -%}
    select first_fault.sentence
    from (
        select
            concat(
                min(sentence),
                case
                    when count(*) > 1 then concat(' (Còn ', cast(count(*) - 1 as varchar), ' chỗ sai cùng loại.)')
                    else ''
                end
            ) as sentence
        from {{ faults }}
        having count(*) > 0
    ) as first_fault
    where {{ stop_with('first_fault.sentence') }} is null
{%- endmacro %}

{# How every sentence begins; `orchestration.warehouse.record` finds it in dbt's message by this. #}
{% macro seed_named(model) -%}
    'Danh mục {{ model.identifier }}.csv: '
{%- endmacro %}

{# The values of some columns as text: "on_time_rate, 2010-01-01". #}
{% macro key_text(columns) -%}
    concat(
        {%- for column in columns -%}
            coalesce(cast({{ column }} as varchar), 'trống'){{ ", ', ', " if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}
