{# A scalar macro of DuckDB beside the adapter's `table_function`: the model is one expression over its parameters. #}
{% materialization scalar_function, adapter='duckdb' %}
    {%- set target_relation = api.Relation.create(
        identifier=model['alias'], schema=schema, database=database, type='view'
    ) -%}

    {{ run_hooks(pre_hooks) }}

    {% call statement('main') -%}
        create or replace function {{ target_relation.render() }}({{ config.require('parameters') | join(', ') }}) as
        {{ sql }}
    {%- endcall %}

    {{ adapter.commit() }}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
