{{ config(
    materialized='scalar_function',
    parameters=['profile_code', 'indicator_code', 'numerator', 'denominator'],
    contract={'enforced': false},
) }}

{#- The rules are written into the macro: a subquery would take a caller's column for its own of the same name. -#}
{%- set select_rules -%}
    select
        profile_code,
        indicator_code,
        max_points,
        full_from,
        zero_policy
    from {{ ref('score_indicator') }}
    order by profile_code, indicator_code
{%- endset -%}

case concat(profile_code, '/', indicator_code)
    {%- for rule in (run_query(select_rules) if execute else []) %}
    when '{{ rule.profile_code }}/{{ rule.indicator_code }}'
        then {{ points_for(
            'cast(' ~ rule.max_points ~ ' as double)',
            'cast(' ~ rule.full_from ~ ' as double)',
            "'" ~ rule.zero_policy ~ "'",
            'cast(numerator as double)',
            'cast(denominator as double)',
        ) }}
    {%- endfor %}
    when null then cast(null as double)
end
