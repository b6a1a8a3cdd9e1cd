{{ config(materialized='table') }}

-- One light for a whole unit and period: the first rule of `light_rule`, by precedence, that the counts of its
-- indicators' lights meet; in the version in force on the period's last counted day.
with judged as (
    select
        unit_indicator.unit_code,
        unit_indicator.period_type,
        unit_indicator.period_start,
        unit_indicator.indicator_code,
        unit_indicator.light,
        rule.indicator_name,
        rule.is_key,
        case unit_indicator.light when 'red' then 2 when 'yellow' then 1 else 0 end as severity,
        -- How far below green, in widths of the yellow band, so that shares and days compare.
        (unit_indicator.value - rule.green_from)
        / coalesce(nullif(rule.yellow_from - rule.green_from, 0), case rule.direction when 'higher' then -1 else 1 end)
            as shortfall
    from {{ ref('int_unit_indicator') }} as unit_indicator
    inner join {{ ref('int_period_indicator') }} as rule
        on
            unit_indicator.period_type = rule.period_type
            and unit_indicator.period_start = rule.period_start
            and unit_indicator.indicator_code = rule.indicator_code
),

light_count as (
    select
        unit_code,
        period_type,
        period_start,
        cast(sum(case when light = 'green' then 1 else 0 end) as integer) as green,
        cast(sum(case when light = 'yellow' then 1 else 0 end) as integer) as yellow,
        cast(sum(case when light = 'red' then 1 else 0 end) as integer) as red,
        cast(sum(case when light = 'grey' then 1 else 0 end) as integer) as grey,
        cast(sum(case when light = 'yellow' and is_key then 1 else 0 end) as integer) as key_yellow,
        cast(sum(case when light = 'red' and is_key then 1 else 0 end) as integer) as key_red,
        cast(sum(case when light <> 'grey' and is_key then 1 else 0 end) as integer) as key_judged
    from judged
    group by unit_code, period_type, period_start
),

rule_met as (
    select
        light_count.unit_code,
        light_count.period_type,
        light_count.period_start,
        rule.light,
        rule.rule_name,
        row_number() over (
            partition by light_count.unit_code, light_count.period_type, light_count.period_start
            order by rule.precedence
        ) as place
    from light_count
    inner join {{ ref('int_period') }} as period
        on light_count.period_type = period.period_type and light_count.period_start = period.period_start
    cross join {{ ref('light_rule') }} as rule
    where
        {{ is_valid_on('period.counted_to', 'rule.valid_from', 'rule.valid_to') }}
        and case rule.counted
            when 'green' then light_count.green
            when 'yellow' then light_count.yellow
            when 'red' then light_count.red
            when 'grey' then light_count.grey
            when 'key_yellow' then light_count.key_yellow
            when 'key_red' then light_count.key_red
            when 'key_judged' then light_count.key_judged
        end between coalesce(rule.at_least, 0) and coalesce(rule.at_most, 1000000)
),

-- The worst first: red before yellow, key before other, then by shortfall; the code decides between equals.
worst_first as (
    select
        *,
        row_number() over (
            partition by unit_code, period_type, period_start
            order by severity desc, is_key desc, shortfall desc, indicator_code asc
        ) as place
    from judged
    where severity > 0
),

unit_light as (
    select
        light_count.unit_code,
        light_count.period_type,
        light_count.period_start,
        period.period_end,
        rule_met.light,
        rule_met.rule_name,
        worst.indicator_code as worst_indicator,
        worst.indicator_name as worst_indicator_name,
        light_count.green,
        light_count.yellow,
        light_count.red,
        light_count.grey,
        period.is_latest,
        period.is_complete
    from light_count
    inner join {{ ref('int_period') }} as period
        on light_count.period_type = period.period_type and light_count.period_start = period.period_start
    left join rule_met
        on
            light_count.unit_code = rule_met.unit_code
            and light_count.period_type = rule_met.period_type
            and light_count.period_start = rule_met.period_start
            and rule_met.place = 1
    left join worst_first as worst
        on
            light_count.unit_code = worst.unit_code
            and light_count.period_type = worst.period_type
            and light_count.period_start = worst.period_start
            and worst.place = 1
)

select
    unit_light.unit_code,
    unit_light.period_type,
    unit_light.period_start,
    unit_light.period_end,
    unit_light.light,
    {{ unit_light_label('unit_light.light') }} as light_label,
    unit_light.worst_indicator,
    unit_light.worst_indicator_name,
    unit_light.green,
    unit_light.yellow,
    unit_light.red,
    unit_light.grey,
    {{ unit_light_words('unit_light') }} as explanation,
    unit_light.is_latest,
    unit_light.is_complete
from unit_light
