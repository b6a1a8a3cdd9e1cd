-- The judged values with all that is said of them: edges, limits, change, mover, and the sentence for the reader.
with gathered as (
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
    left join {{ ref('int_unit_limit') }} as chart
        on
            judged.unit_code = chart.unit_code
            and judged.period_type = chart.period_type
            and judged.period_start = chart.period_start
            and judged.indicator_code = chart.indicator_code
    left join {{ ref('int_unit_change') }} as change
        on
            judged.unit_code = change.unit_code
            and judged.period_type = change.period_type
            and judged.period_start = change.period_start
            and judged.indicator_code = change.indicator_code
    left join {{ ref('int_unit_mover') }} as mover
        on
            judged.unit_code = mover.unit_code
            and judged.period_type = mover.period_type
            and judged.period_start = mover.period_start
            and judged.indicator_code = mover.indicator_code
    left join {{ ref('int_field') }} as field
        on mover.part_code = field.field_code and mover.unit_code <> {{ province_code() }}
    left join {{ ref('int_commune_spine') }} as commune
        on mover.part_code = commune.commune_code and mover.unit_code = {{ province_code() }}
),

readable as (
    select
        *,
        {{ readable('value', 'unit') }} as value_readable,
        {{ readable('threshold_green', 'unit') }} as green_readable,
        {{ readable('threshold_yellow', 'unit') }} as yellow_readable,
        round({{ readable('limit_low', 'unit') }}, 1) as low_readable,
        round({{ readable('limit_high', 'unit') }}, 1) as high_readable
    from gathered
),

shown as (
    select
        *,
        {{ rounded_on_its_side('value_readable', 'readable') }} as shown
    from readable
)

select
    *,
    {{ value_label('shown') }} as value_label,
    {{ light_label('light', 'grey_reason') }} as light_label,
    {{ explanation_words('shown') }} as explanation
from shown
