{{ config(materialized='table') }}

-- What moved a value most since the period before: of a commune the field, of the province the commune.
--
-- A part's share of the change is (n1 - v0 d1) / D1 - (n0 - v0 d0) / D0: how far it draws the whole away from the
-- earlier value v0, now less then. The shares of all parts add up to the change. Searched only where the change shows
-- in the rounded text, and not for days.
{%- set sides = {'period_start': 'moved.denominator', 'previous_start': '-moved.denominator_before'} %}

with moved as (
    select
        change.unit_code,
        change.period_type,
        change.period_start,
        rule.previous_start,
        change.indicator_code,
        later.denominator,
        change.denominator_before,
        change.numerator_before / cast(change.denominator_before as double) as level_before,
        sign(change.change) as way
    from {{ ref('int_unit_change') }} as change
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

field_of_commune as (
    {% for start, size in sides.items() -%}
    select
        moved.unit_code,
        moved.period_type,
        moved.period_start,
        moved.indicator_code,
        part.field_code as part_code,
        moved.way * (
            {{ indicator_term(0, 'moved.indicator_code', field_indicator_codes()) }}
            - moved.level_before * ({{ indicator_term(1, 'moved.indicator_code', field_indicator_codes()) }})
        ) / {{ size }} as contribution
    from moved
    inner join {{ ref('int_field_period') }} as part
        on
            moved.unit_code = part.commune_code
            and moved.period_type = part.period_type
            and moved.{{ start }} = part.period_start
    where moved.indicator_code in {{ quoted_list(field_indicator_codes()) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

commune_of_province as (
    {% for start, size in sides.items() -%}
    select
        moved.unit_code,
        moved.period_type,
        moved.period_start,
        moved.indicator_code,
        part.unit_code as part_code,
        moved.way * (part.numerator - moved.level_before * part.denominator) / {{ size }} as contribution
    from moved
    inner join {{ ref('int_unit_indicator') }} as part
        on
            moved.period_type = part.period_type
            and moved.{{ start }} = part.period_start
            and moved.indicator_code = part.indicator_code
            and moved.unit_code <> part.unit_code
    where moved.unit_code = {{ province_code() }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

parts as (
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
    from parts
    group by unit_code, period_type, period_start, indicator_code, part_code
),

strongest as (
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
    strongest.unit_code,
    strongest.period_type,
    strongest.period_start,
    strongest.indicator_code,
    -- Of two that moved it alike, the first by code, so that two builds say the same.
    min(contributed.part_code) as part_code
from strongest
inner join contributed
    on
        strongest.unit_code = contributed.unit_code
        and strongest.period_type = contributed.period_type
        and strongest.period_start = contributed.period_start
        and strongest.indicator_code = contributed.indicator_code
        and strongest.contribution = contributed.contribution
group by strongest.unit_code, strongest.period_type, strongest.period_start, strongest.indicator_code
