-- The judged values with all that is said of them: thresholds, control limits, change, what contributed most to it, and
-- the sentence for the reader.
with compared as (
    select
        judged.*,
        rule.period_end,
        rule.previous_start,
        rule.indicator_name,
        rule.unit,
        rule.direction,
        rule.denominator_name,
        rule.period_type_name,
        rule.is_key,
        rule.is_latest,
        rule.is_complete,
        rule.green_from as threshold_green,
        rule.yellow_from as threshold_yellow,
        rule.min_denominator,
        chart.limit_low,
        chart.limit_centre,
        chart.limit_high,
        chart.signal_rule,
        change.value_before,
        change.change,
        change.change_shown,
        case
            when change.change_shown = 0 or change.change_shown is null or not rule.is_explained then null
            when field.field_name is not null then 'lĩnh vực ' || field.field_name
            when commune.commune_name is not null then commune.commune_name
            -- Neither field nor commune: which of the two terms, by what each alone would have changed.
            when
                sign(change.change) * (judged.numerator - change.numerator_before) / change.denominator_before
                >= abs(change.change) / 2
                then {{ term_words('rule.numerator_name', 'change.numerator_before', 'judged.numerator') }}
            else {{ term_words('rule.denominator_name', 'change.denominator_before', 'judged.denominator') }}
        end as moved_most
    from {{ ref('int_unit_indicator') }} as judged
    inner join {{ ref('int_period_indicator') }} as rule
        on
            judged.period_type = rule.period_type
            and judged.period_start = rule.period_start
            and judged.indicator_code = rule.indicator_code
    left join {{ ref('int_unit_control_limit') }} as chart
        on
            judged.unit_code = chart.unit_code
            and judged.period_type = chart.period_type
            and judged.period_start = chart.period_start
            and judged.indicator_code = chart.indicator_code
    left join {{ ref('int_unit_indicator_change') }} as change
        on
            judged.unit_code = change.unit_code
            and judged.period_type = change.period_type
            and judged.period_start = change.period_start
            and judged.indicator_code = change.indicator_code
    left join {{ ref('int_unit_main_contributor') }} as contributor
        on
            judged.unit_code = contributor.unit_code
            and judged.period_type = contributor.period_type
            and judged.period_start = contributor.period_start
            and judged.indicator_code = contributor.indicator_code
    left join {{ ref('int_field') }} as field
        on contributor.part_code = field.field_code and contributor.unit_code <> {{ province_code() }}
    left join {{ ref('int_commune_spine') }} as commune
        on contributor.part_code = commune.commune_code and contributor.unit_code = {{ province_code() }}
),

in_reading_unit as (
    select
        *,
        {{ readable('value', 'unit') }} as value_readable,
        {{ readable('threshold_green', 'unit') }} as green_readable,
        {{ readable('threshold_yellow', 'unit') }} as yellow_readable,
        round({{ readable('limit_low', 'unit') }}, 1) as low_readable,
        round({{ readable('limit_high', 'unit') }}, 1) as high_readable
    from compared
),

rounded as (
    select
        *,
        {{ rounded_on_its_side('value_readable', 'in_reading_unit') }} as shown
    from in_reading_unit
)

select
    *,
    {{ value_label('rounded') }} as value_label,
    {{ value_short_label('rounded') }} as value_short_label,
    {{ change_label('rounded') }} as change_label,
    {{ light_label('light', 'grey_reason') }} as light_label,
    {{ explanation_words('rounded') }} as explanation
from rounded
