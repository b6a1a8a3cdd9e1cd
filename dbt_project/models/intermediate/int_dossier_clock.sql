with spans as (
    select
        dossier_code,
        received_at,
        coalesce(case when closed_on is not null then ended_at end, {{ as_of_timestamp() }}) as stopped_at,
        pause_began_at,
        pause_ended_at
    from {{ ref('int_dossier') }}
    where received_on is not null
),

clipped as (
    select
        dossier_code,
        received_at,
        stopped_at,
        least(greatest(pause_began_at, received_at), stopped_at) as pause_began_at,
        least(greatest(coalesce(pause_ended_at, stopped_at), received_at), stopped_at) as pause_ended_at,
        pause_began_at is not null as has_pause
    from spans
),

measured as (
    select
        clipped.dossier_code,
        greatest(
            0,
            {{ working_minutes_until('clipped.stopped_at', 'stop_day') }}
            - ({{ working_minutes_until('clipped.received_at', 'start_day') }})
        ) as gross_minutes,
        case
            when clipped.has_pause
                then greatest(
                    0,
                    {{ working_minutes_until('clipped.pause_ended_at', 'resume_day') }}
                    - ({{ working_minutes_until('clipped.pause_began_at', 'pause_day') }})
                )
            else 0
        end as paused_minutes
    from clipped
    {% for alias, at in [
        ('start_day', 'received_at'),
        ('stop_day', 'stopped_at'),
        ('pause_day', 'pause_began_at'),
        ('resume_day', 'pause_ended_at'),
    ] -%}
    left join {{ ref('int_calendar') }} as {{ alias }}
        on {{ within_calendar('cast(clipped.' ~ at ~ ' as date)') }} = {{ alias }}.date
    {% endfor %}
)

select
    dossier_code,
    greatest(0, gross_minutes - paused_minutes) / 60.0 as working_hours_spent,
    paused_minutes / 60.0 as working_hours_paused
from measured
