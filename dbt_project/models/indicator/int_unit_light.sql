{{ config(materialized='table') }}

-- One light for a whole unit and period: the first rule of `light_rule`, by precedence, that the counts of its
-- indicators' lights meet; in the version in force on the period's last counted day.
{%- set counts = {
    'green': "light = 'green'",
    'yellow': "light = 'yellow'",
    'red': "light = 'red'",
    'grey': "light = 'grey'",
    'key_yellow': "light = 'yellow' and is_key",
    'key_red': "light = 'red' and is_key",
    'key_judged': "light <> 'grey' and is_key",
} %}

with lights as (
    select
        judged.unit_code,
        judged.period_type,
        judged.period_start,
        judged.indicator_code,
        judged.light,
        rule.is_key,
        case judged.light when 'red' then 2 when 'yellow' then 1 else 0 end as severity,
        -- How far below green, in widths of the yellow band, so that shares and days compare.
        (judged.value - rule.green_from)
        / coalesce(nullif(rule.yellow_from - rule.green_from, 0), case rule.direction when 'higher' then -1 else 1 end)
            as shortfall
    from {{ ref('int_unit_indicator') }} as judged
    inner join {{ ref('int_period_indicator') }} as rule
        on
            judged.period_type = rule.period_type
            and judged.period_start = rule.period_start
            and judged.indicator_code = rule.indicator_code
),

counted as (
    select
        lights.unit_code,
        lights.period_type,
        lights.period_start,
        period.counted_to,
    {% for name, condition in counts.items() -%}
    cast(sum(case when {{ condition }} then 1 else 0 end) as integer) as {{ name }}{{ ',' if not loop.last }}
    {% endfor %}
    from lights
    inner join {{ ref('int_period') }} as period
        on lights.period_type = period.period_type and lights.period_start = period.period_start
    group by lights.unit_code, lights.period_type, lights.period_start, period.counted_to
),

met as (
    select
        counted.unit_code,
        counted.period_type,
        counted.period_start,
        min(rule.precedence) as precedence
    from counted
    cross join {{ ref('light_rule') }} as rule
    where
        {{ is_valid_on('counted.counted_to', 'rule.valid_from', 'rule.valid_to') }}
        and case rule.counted
            {%- for name in counts %}
            when '{{ name }}' then {{ name }}
            {%- endfor %}
        end between coalesce(rule.at_least, 0) and coalesce(rule.at_most, 1000000)
    group by counted.unit_code, counted.period_type, counted.period_start
),

-- The worst first: red before yellow, key before other, then by shortfall; the code decides between equals.
ordered as (
    select
        *,
        row_number() over (
            partition by unit_code, period_type, period_start
            order by severity desc, is_key desc, shortfall desc, indicator_code asc
        ) as place
    from lights
    where severity > 0
)

select
    counted.unit_code,
    counted.period_type,
    counted.period_start,
    counted.green,
    counted.yellow,
    counted.red,
    counted.grey,
    rule.light,
    rule.precedence,
    rule.rule_name,
    worst.indicator_code as worst_indicator
from counted
left join met
    on
        counted.unit_code = met.unit_code
        and counted.period_type = met.period_type
        and counted.period_start = met.period_start
left join {{ ref('light_rule') }} as rule
    on
        met.precedence = rule.precedence
        and {{ is_valid_on('counted.counted_to', 'rule.valid_from', 'rule.valid_to') }}
left join ordered as worst
    on
        counted.unit_code = worst.unit_code
        and counted.period_type = worst.period_type
        and counted.period_start = worst.period_start
        and worst.place = 1
