{{ config(materialized='table') }}

-- Signal or noise: every judged value of a complete period against the limits of its own past, and only of its past, so
-- that a verdict once given stays. Laney's chart: the centre is the pooled ratio of the periods before; the spread is
-- that of the counts themselves, or that of the past from period to period if larger; both by the size of the
-- denominator, so that few dossiers get wide limits. Stocks stick from period to period, so that steps tell too little
-- and runs too much: theirs is also the spread around the centre, and a run is no news. How many periods, how far: the
-- variable `signal`.
{%- set rules = var('signal') %}
{%- set past, run_before = rules['past_periods'] | int, rules['run_before'] | int %}
{%- set key = 'unit_code, period_type, indicator_code' %}

with charted as (
    select
        judged.unit_code,
        judged.period_type,
        judged.period_start,
        judged.indicator_code,
        judged.numerator,
        judged.denominator,
        judged.value,
        rule.unit,
        judged.indicator_code not in {{ quoted_list(indicators_made_of(flow_measures())) }} as is_sticky
    from {{ ref('int_unit_indicator') }} as judged
    inner join {{ ref('int_period_indicator') }} as rule
        on
            judged.period_type = rule.period_type
            and judged.period_start = rule.period_start
            and judged.indicator_code = rule.indicator_code
    where judged.grey_reason is null and rule.is_complete and rule.is_charted
),

with_step as (
    select
        *,
        -- A step from period to period, freed of the sizes of both; of plain noise its mean is sqrt(2 / pi) spreads.
        abs(value - lag(value) over series)
        / sqrt(1 / cast(denominator as double) + 1 / cast(lag(denominator) over series as double)) as step
    from charted
    window series as (partition by {{ key }} order by period_start)
),

with_past as (
    select
        *,
        count(*) over past as past_periods,
        (sum(numerator) over past + 1) / cast(sum(denominator) over past + 2 as double) as past_centre,
        coalesce(avg(step) over past, 0) * sqrt(pi() / 2) as past_spread,
        sum(numerator * value) over past
        - sum(numerator) over past * (sum(numerator) over past / cast(sum(denominator) over past as double))
            as past_squares,
        count(*) over run as run_periods,
        min(value) over run as run_lowest,
        max(value) over run as run_highest,
        sum(numerator) over run as run_numerator,
        sum(denominator) over run as run_denominator,
        count(*) over before_run as before_periods,
        (sum(numerator) over before_run + 1) / cast(sum(denominator) over before_run + 2 as double) as before_centre,
        coalesce(avg(step) over before_run, 0) * sqrt(pi() / 2) as before_spread
    from with_step
    window
        past as (
            partition by {{ key }} order by period_start
            rows between {{ past }} preceding and 1 preceding
        ),
        run as (
            partition by {{ key }} order by period_start
            rows between {{ run_before }} preceding and current row
        ),
        before_run as (
            partition by {{ key }} order by period_start
            rows between {{ past + run_before }} preceding and {{ run_before + 1 }} preceding
        )
),

with_spread as (
    select
        *,
        {{ rules['sigmas'] }} * greatest(
            {{ spread_of_counts('past_centre', 'unit') }},
            past_spread,
            case when is_sticky then sqrt(greatest(past_squares, 0) / (past_periods - 1)) else 0 end
        ) / sqrt(denominator) as half_width,
        greatest({{ spread_of_counts('before_centre', 'unit') }}, before_spread) as run_spread
    from with_past
    where past_periods >= {{ rules['least_past_periods'] }}
),

with_limits as (
    select
        *,
        greatest(0, past_centre - half_width) as limit_low,
        case unit when 'share' then least(1, past_centre + half_width) else past_centre + half_width end as limit_high
    from with_spread
)

select
    unit_code,
    period_type,
    period_start,
    indicator_code,
    limit_low,
    past_centre as limit_centre,
    limit_high,
    case
        when
            (value < limit_low or value > limit_high)
            and abs(numerator - past_centre * denominator) >= {{ rules['least_difference'] }}
            then 'outside_limits'
        when
            run_periods > {{ run_before }}
            and not is_sticky
            and before_periods >= {{ rules['least_past_periods'] }}
            and (run_lowest > before_centre or run_highest < before_centre)
            -- On average a whole spread of one period away, or eight tiny steps would count as news.
            and abs(run_numerator - before_centre * run_denominator)
            >= greatest({{ rules['least_difference'] }}, run_spread * sqrt(run_periods * run_denominator))
            then 'one_side'
    end as signal_rule
from with_limits
