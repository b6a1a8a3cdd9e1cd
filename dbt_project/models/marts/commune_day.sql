{%- set received_measures = [
    'received', 'received_online', 'fee_dossiers', 'fee_dossiers_paid_online', 'components', 'components_digitised',
    'dossiers_digitised', 'dossiers_supplemented', 'dossiers_due_moved',
] %}
{%- set closed_measures = [
    'resolved', 'resolved_early', 'resolved_on_time', 'resolved_late', 'resolved_late_with_apology',
    'resolved_with_e_result', 'resolved_updated_late', 'withdrawn_or_refused', 'closed_on_time_portal',
] %}
{%- set delivery_measures = ['exports_expected', 'exports_on_time', 'exports_arrived', 'rows_read', 'rows_rejected'] %}
{%- set stock_measures = [
    'open_at_end', 'overdue_at_end', 'paused_at_end', 'overdue_with_apology_at_end', 'on_time_portal_at_end',
] %}

with spine as (
    select
        commune.commune_code,
        commune.commune_name,
        calendar.date,
        calendar.is_working_day,
        calendar.working_day_number,
        calendar.date = span.last_day as is_latest
    from {{ ref('int_commune_spine') }} as commune
    cross join {{ ref('int_calendar') }} as calendar
    cross join {{ ref('int_history_span') }} as span
    where calendar.date between span.first_day and span.last_day
),

counted as (
    select
        spine.*,
        {% for source, measures in [
            ('received', received_measures),
            ('closed', closed_measures),
            ('sent', delivery_measures),
            ('stock', stock_measures),
        ] -%}
            {%- set last_source = loop.last -%}
            {% for measure in measures -%}
                cast(coalesce({{ source }}.{{ measure }}, 0) as bigint) as {{ measure }}
                {{- ',' if not (last_source and loop.last) }}
            {% endfor %}
        {%- endfor %}
    from spine
    {% for source, model in [
        ('received', 'int_commune_received_day'),
        ('closed', 'int_commune_closed_day'),
        ('sent', 'int_commune_delivery_day'),
        ('stock', 'int_commune_stock_day'),
    ] -%}
        left join {{ ref(model) }} as {{ source }}
            on spine.commune_code = {{ source }}.commune_code and spine.date = {{ source }}.date
    {% endfor %}
),

running as (
    select
        *,
        sum(resolved) over (partition by commune_code order by date rows unbounded preceding) as resolved_so_far
    from counted
),

-- What had been resolved when a working day ended, to look 20 working days back by an equi-join.
evenings as (
    select
        commune_code,
        working_day_number,
        resolved_so_far
    from running
    where is_working_day
)

select
    running.* exclude (is_working_day, working_day_number, resolved_so_far, is_latest),
    cast(running.resolved_so_far - coalesce(evenings.resolved_so_far, 0) as bigint) as resolved_last_20_working_days,
    running.is_latest
from running
left join evenings
    on running.commune_code = evenings.commune_code and running.working_day_number - 20 = evenings.working_day_number
