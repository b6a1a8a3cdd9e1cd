{%- set shown = {
    'on_time': 'on_time_rate',
    'online': 'online_rate',
    'online_payment': 'online_payment_rate',
    'digitised_dossier': 'digitised_dossier_rate',
    'overdue_open': 'overdue_open_rate',
    'delivery': 'delivery_rate',
} %}

-- The newest month that is old enough to be judged: the running one, or the month before while it is too young.
with month as (
    select
        period_start,
        period_end
    from {{ ref('int_period') }}
    where period_type = 'month' and not is_too_early
    order by period_start desc
    limit 1
),

lights as (
    select
        indicator.commune_code,
        count(case when indicator.light = 'red' then 1 end) as red_lights,
        count(case when indicator.light = 'yellow' then 1 end) as yellow_lights,
    {% for name, code in shown.items() -%}
    -- Padded, so that sorting the words sorts the shares.
    max(
        case
            when indicator.indicator_code = '{{ code }}'
                then
                    lpad(coalesce({{ vietnamese_number('100 * indicator.value', 1) }} || '%', ''), 6, ' ') || ' '
                    || {{ light_label('indicator.light', 'indicator.grey_reason') }}
        end
    ) as {{ name }}_text,
    max(case when indicator.indicator_code = '{{ code }}' then indicator.value end) as {{ name }}_rate,
    max(case when indicator.indicator_code = '{{ code }}' then indicator.light end) as {{ name }}_light,
    max(
        case
            when indicator.indicator_code = '{{ code }}'
                then {{ light_label('indicator.light', 'indicator.grey_reason') }}
        end
    ) as {{ name }}_label{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('commune_indicator') }} as indicator
    inner join month on indicator.period_start = month.period_start
    where
        indicator.period_type = 'month'
        and indicator.indicator_code in {{ quoted_list(shown.values()) }}
    group by indicator.commune_code
),

newest_delivery as (
    select
        commune_code,
        max(export_date) as export_date
    from {{ ref('delivery') }}
    where kind = 'hoso' and is_expected
    group by commune_code
)

select
    commune.commune_code,
    commune.commune_name,
    commune.commune_type,
    month.period_start,
    month.period_end,
    {{ vietnamese_day_month('month.period_start') }} || '–' || {{ vietnamese_day_month('month.period_end') }}
        as period_text,
    delivery.status as delivery_status,
    coalesce(delivery.status_name, '– Không phải nộp') as delivery_status_name,
    coalesce(delivery.light, 'grey') as delivery_status_light,
    measured.received,
    measured.resolved,
    measured.open_at_end,
    measured.overdue_at_end,
    lights.red_lights,
    lights.yellow_lights,
{% for name in shown -%}
lights.{{ name }}_text,
lights.{{ name }}_rate,
lights.{{ name }}_light,
lights.{{ name }}_label{{ ',' if not loop.last }}
{% endfor %}
from {{ ref('int_commune_spine') }} as commune
left join month on true
left join {{ ref('int_unit_period') }} as measured
    on
        commune.commune_code = measured.unit_code
        and measured.period_type = 'month'
        and month.period_start = measured.period_start
left join lights on commune.commune_code = lights.commune_code
left join newest_delivery on commune.commune_code = newest_delivery.commune_code
left join {{ ref('delivery') }} as delivery
    on
        newest_delivery.commune_code = delivery.commune_code
        and newest_delivery.export_date = delivery.export_date
        and delivery.kind = 'hoso'
