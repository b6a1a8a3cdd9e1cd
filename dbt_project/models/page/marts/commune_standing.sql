-- Fewest red lights first, then fewest yellow, then the higher share on time: counts that anybody can check by looking.
-- A commune that may not be judged (grey) has no place; equal ones share it (1, 2, 2, 4).
with judged as (
    select
        unit_light.*,
        period.period_type_name,
        period.period_label,
        period.previous_start,
        kept.value as on_time_rate,
        kept.value_label as on_time_label
    from {{ ref('commune_light') }} as unit_light
    inner join {{ ref('dim_period') }} as period
        on unit_light.period_type = period.period_type and unit_light.period_start = period.period_start
    left join {{ ref('commune_indicator') }} as kept
        on
            unit_light.commune_code = kept.commune_code
            and unit_light.period_type = kept.period_type
            and unit_light.period_start = kept.period_start
            and kept.indicator_code = 'on_time_rate'
    where unit_light.period_type not in ('day', 'to_date')
),

placed as (
    select
        *,
        case
            when light <> 'grey'
                then cast(
                    rank() over (
                        partition by period_type, period_start, light = 'grey'
                        order by red asc, yellow asc, coalesce(on_time_rate, -1) desc
                    ) as integer
                )
        end as standing,
        cast(sum(case when light <> 'grey' then 1 else 0 end) over (partition by period_type, period_start) as integer)
            as communes_judged
    from judged
),

compared as (
    select
        placed.*,
        case when placed.light <> 'grey' and before.light <> 'grey' then before.red end as red_before,
        case when placed.light <> 'grey' and before.light <> 'grey' then before.yellow end as yellow_before,
        before.standing as standing_before,
        placed.on_time_rate - before.on_time_rate as on_time_change
    from placed
    left join placed as before
        on
            placed.commune_code = before.commune_code
            and placed.period_type = before.period_type
            and placed.previous_start = before.period_start
),

moved as (
    select
        *,
        red_before > red or (red_before = red and yellow_before > yellow) as is_improved
    from compared
)

select
    commune_code,
    commune_name,
    period_type,
    period_type_name,
    period_start,
    period_end,
    period_label,
    light,
    light_label,
    red,
    yellow,
    green,
    grey,
    worst_indicator_name,
    on_time_rate,
    on_time_label,
    standing,
    communes_judged,
    red_before,
    yellow_before,
    standing_before,
    standing_before - standing as standing_change,
    -- Places without ties, for lists of a few.
    case
        when standing is not null
            then cast(
                row_number() over (
                    partition by period_type, period_start, standing is null order by standing asc, commune_code asc
                ) as integer
            )
    end as best_place,
    case
        when standing is not null
            then cast(
                row_number() over (
                    partition by period_type, period_start, standing is null order by standing desc, commune_code asc
                ) as integer
            )
    end as worst_place,
    case
        when is_improved
            then cast(
                row_number() over (
                    partition by period_type, period_start, is_improved
                    order by red_before - red desc, yellow_before - yellow desc, on_time_change desc, commune_code asc
                ) as integer
            )
    end as improved_place,
    red || ' đỏ, ' || yellow || ' vàng, ' || green || ' xanh' as lights_text,
    case
        when red_before is null then 'Kỳ trước chưa xếp được'
        when red_before = red and yellow_before = yellow then 'Không đổi so với kỳ trước'
        else 'Kỳ trước ' || red_before || ' đỏ, ' || yellow_before || ' vàng'
    end as change_text,
    is_latest,
    is_complete
from moved
