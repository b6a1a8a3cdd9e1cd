{{ config(materialized='table') }}

-- What contributed most to the change of a value since the period before: of a commune the field, of the province the
-- commune.
--
-- A part's share of the change is (n1 - v0 d1) / D1 - (n0 - v0 d0) / D0: how far it draws the whole away from the
-- earlier value v0, now less then. The shares of all parts add up to the change. Searched only where the change shows
-- in the rounded text, and not for days.
with changed as (
    select
        change.unit_code,
        change.period_type,
        change.period_start,
        rule.previous_start,
        change.indicator_code,
        later.denominator,
        change.denominator_before,
        change.numerator_before / cast(change.denominator_before as double) as value_before,
        sign(change.change) as change_sign
    from {{ ref('int_unit_indicator_change') }} as change
    inner join {{ ref('int_period_indicator') }} as rule
        on
            change.period_type = rule.period_type
            and change.period_start = rule.period_start
            and change.indicator_code = rule.indicator_code
    inner join {{ ref('int_unit_indicator') }} as later
        on
            change.unit_code = later.unit_code
            and change.period_type = later.period_type
            and change.period_start = later.period_start
            and change.indicator_code = later.indicator_code
    where change.change_shown <> 0 and rule.is_explained
),

-- Each change as its two periods: the one that adds, and the one before, whose size is negative, so that it is taken
-- off.
side as (
    select
        *,
        period_start as side_start,
        denominator as side_size
    from changed
    union all
    select
        *,
        previous_start as side_start,
        -denominator_before as side_size
    from changed
),

field_of_commune as (
    select
        side.unit_code,
        side.period_type,
        side.period_start,
        side.indicator_code,
        part.field_code as part_code,
        side.change_sign * (
            {{ indicator_term('numerator', 'side.indicator_code', field_indicator_codes()) }}
            - side.value_before
            * ({{ indicator_term('denominator', 'side.indicator_code', field_indicator_codes()) }})
        ) / side.side_size as contribution
    from side
    inner join {{ ref('int_field_period') }} as part
        on
            side.unit_code = part.commune_code
            and side.period_type = part.period_type
            and side.side_start = part.period_start
    where side.indicator_code in {{ quoted_list(field_indicator_codes()) }}
),

commune_of_province as (
    select
        side.unit_code,
        side.period_type,
        side.period_start,
        side.indicator_code,
        part.unit_code as part_code,
        side.change_sign * (part.numerator - side.value_before * part.denominator) / side.side_size as contribution
    from side
    inner join {{ ref('int_unit_indicator') }} as part
        on
            side.period_type = part.period_type
            and side.side_start = part.period_start
            and side.indicator_code = part.indicator_code
            and side.unit_code <> part.unit_code
    where side.unit_code = {{ province_code() }}
),

part_contribution as (
    select *
    from field_of_commune
    union all
    select *
    from commune_of_province
),

contributed as (
    select
        unit_code,
        period_type,
        period_start,
        indicator_code,
        part_code,
        sum(contribution) as contribution
    from part_contribution
    group by unit_code, period_type, period_start, indicator_code, part_code
),

largest as (
    select
        unit_code,
        period_type,
        period_start,
        indicator_code,
        max(contribution) as contribution
    from contributed
    group by unit_code, period_type, period_start, indicator_code
)

select
    largest.unit_code,
    largest.period_type,
    largest.period_start,
    largest.indicator_code,
    -- Of two that contributed alike, the first by code, so that two builds say the same.
    min(contributed.part_code) as part_code
from largest
inner join contributed
    on
        largest.unit_code = contributed.unit_code
        and largest.period_type = contributed.period_type
        and largest.period_start = contributed.period_start
        and largest.indicator_code = contributed.indicator_code
        and largest.contribution = contributed.contribution
group by largest.unit_code, largest.period_type, largest.period_start, largest.indicator_code
