{# Working time: differences of running numbers on the calendar, found by equi-joins.
   A range join over the calendar costs hundreds of times as much.

   Everything counts whole minutes; seconds are cut off. A working minute has one end, so the instant at which an
   amount of work is done is the earliest one: 17:00 and not 07:00 of the next working day, 11:30 and not 13:30. #}

{# A date moved to the nearest edge of the calendar, so that an absurd date still finds its row. No date stays none:
   `least` and `greatest` alone would pass over it. #}
{% macro within_calendar(day) -%}
    case
        when {{ day }} is not null
            then
                least(
                    greatest({{ day }}, cast('{{ var("calendar_from") }}' as date)),
                    cast('{{ var("calendar_to") }}' as date)
                )
    end
{%- endmacro %}

{# Minutes since midnight of a timestamp. #}
{% macro minute_of_day(at) -%}
    (extract(hour from {{ at }}) * 60 + extract(minute from {{ at }}))
{%- endmacro %}

{# The same on the day of `calendar`: of a time before it the beginning, of one after it the end. Only times outside of
   the calendar lie so; by their own time of day, the earlier of two could come after the later. #}
{% macro minute_on(at, calendar) -%}
    case
        when cast({{ at }} as date) < {{ calendar }}.date then 0
        when cast({{ at }} as date) > {{ calendar }}.date then 1440
        else {{ minute_of_day(at) }}
    end
{%- endmacro %}

{# Minutes since midnight of a text HH:MM; seconds are cut off. Null if it is none. #}
{% macro minute_of_text(text) -%}
    (
        try_cast(split_part({{ text }}, ':', 1) as integer) * 60
        + try_cast(split_part({{ text }}, ':', 2) as integer)
    )
{%- endmacro %}

{# Working minutes from the calendar's start to a timestamp; `calendar` is the alias of its day's row. #}
{% macro working_minutes_until(at, calendar) -%}
    {{ calendar }}.working_minutes_before + case
        when {{ calendar }}.is_working_day
            then
                greatest(
                    0,
                    least({{ minute_on(at, calendar) }}, {{ calendar }}.morning_to_minute) - {{ calendar }}.morning_from_minute
                )
                + greatest(
                    0,
                    least({{ minute_on(at, calendar) }}, {{ calendar }}.afternoon_to_minute)
                    - {{ calendar }}.afternoon_from_minute
                )
        else 0
    end
{%- endmacro %}

{# The instant of a running working minute; `calendar` is the alias of the row of the working day that holds it. #}
{% macro instant_of_minute(minute, calendar) -%}
    {%- set worked = "(" ~ minute ~ " - " ~ calendar ~ ".working_minutes_before)" -%}
    {%- set morning = "(" ~ calendar ~ ".morning_to_minute - " ~ calendar ~ ".morning_from_minute)" -%}
    {{ add_seconds(
        'cast(' ~ calendar ~ '.date as timestamp)',
        '60 * case when ' ~ worked ~ ' <= ' ~ morning ~ ' then ' ~ calendar ~ '.morning_from_minute + ' ~ worked
        ~ ' else ' ~ calendar ~ '.afternoon_from_minute + ' ~ worked ~ ' - ' ~ morning ~ ' end'
    ) }}
{%- endmacro %}

{# A limit in working hours, as far as it can be said in them; a limit of 0 working days is a day at most. #}
{% macro limit_in_working_hours(time_limit, unit) -%}
    case {{ unit }}
        when 'working_hours' then {{ time_limit }}
        when 'working_days' then greatest({{ time_limit }}, 1) * {{ var('hours_per_working_day') }}
    end
{%- endmacro %}

{# Pauses in running working minutes, cut so that none overlaps an earlier one of its case.

   `pauses` is a relation with `case_key`, `began_at`, `ended_at`, in any order and of any nonsense; the result has
   `case_key`, `began_minute`, `ended_minute`, only of pauses with working time in them. #}
{% macro pauses_in_minutes(pauses) -%}
    with measured as (
        select
            pause.case_key,
            {{ working_minutes_until('pause.began_at', 'began_day') }} as began_minute,
            {{ working_minutes_until('pause.ended_at', 'ended_day') }} as ended_minute
        from {{ pauses }} as pause
        inner join {{ ref('int_calendar') }} as began_day
            on {{ within_calendar('cast(pause.began_at as date)') }} = began_day.date
        inner join {{ ref('int_calendar') }} as ended_day
            on {{ within_calendar('cast(pause.ended_at as date)') }} = ended_day.date
        where pause.ended_at > pause.began_at
    ),

    cut as (
        select
            case_key,
            ended_minute,
            greatest(
                began_minute,
                coalesce(
                    max(ended_minute) over (
                        partition by case_key order by began_minute, ended_minute
                        rows between unbounded preceding and 1 preceding
                    ),
                    began_minute
                )
            ) as began_minute
        from measured
    )

    select
        case_key,
        began_minute,
        ended_minute
    from cut
    where ended_minute > began_minute
{%- endmacro %}

{# When time limits end.

   `cases` is a relation with `case_key`, `received_at`, `time_limit`, `time_limit_unit`,
   `next_day_if_received_after` (HH:MM or null) and `extra_working_days`; `pauses` one of `pauses_in_minutes`. The
   result has a row per case that the calendar reaches: `case_key`, `limit_minutes` (working minutes granted),
   `due_minute` (running) and `due_at`.

   The joins are left ones although each finds its row: only so their computed keys are hashed.

   The clock starts at the reception, and on the next working day for what came after hours, on a day off or after
   the procedure's own hour. A limit in hours ends that many working hours later; in working days, at the same
   point of the working day, or at closing if it began with the day; 0 working days end at the first closing; in
   calendar days, at the closing of the last day, or of the next working day. A pause that began while time was left
   gives its working time back. #}
{% macro time_limits_end(cases, pauses) -%}
    with working_day as (
        select *
        from {{ ref('int_calendar') }}
        where is_working_day
    ),

    entered as (
        select
            asked.*,
            received_day.date,
            received_day.next_working_date,
            received_day.working_day_number,
            received_day.working_minutes_before,
            received_day.working_minutes,
            {{ working_minutes_until('asked.received_at', 'received_day') }} - received_day.working_minutes_before
                as worked_minutes,
            coalesce(
                {{ minute_of_day('asked.received_at') }} > {{ minute_of_text('asked.next_day_if_received_after') }},
                false
            )
            or not received_day.is_working_day
            or {{ working_minutes_until('asked.received_at', 'received_day') }} - received_day.working_minutes_before
            >= received_day.working_minutes as is_too_late_for_the_day
        from {{ cases }} as asked
        left join {{ ref('int_calendar') }} as received_day
            on {{ within_calendar('cast(asked.received_at as date)') }} = received_day.date
    ),

    -- The next working day follows from the running numbers: a join on a number computed from two relations would
    -- become a cross product.
    started as (
        select
            *,
            working_day_number + case when is_too_late_for_the_day then 1 else 0 end as start_number,
            case when is_too_late_for_the_day then 0 else worked_minutes end as start_offset,
            working_minutes_before + case when is_too_late_for_the_day then working_minutes else worked_minutes end
                as start_minute,
            case
                when time_limit_unit = 'calendar_days'
                    then {{ add_days('case when is_too_late_for_the_day then next_working_date else date end', 'time_limit') }}
            end as last_date
        from entered
    ),

    -- Limits in days end so many minutes after a numbered working day opens; with none, that is the closing before.
    aimed as (
        select
            started.*,
            started.extra_working_days + case started.time_limit_unit
                when 'calendar_days'
                    then last_day.working_day_number + case when last_day.is_working_day then 1 else 2 end
                else started.start_number + greatest(started.time_limit, 1)
            end as end_number,
            case
                when started.time_limit_unit = 'working_days' and started.time_limit > 0 then started.start_offset
                else 0
            end as end_offset
        from started
        left join {{ ref('int_calendar') }} as last_day on started.last_date = last_day.date
    ),

    limited as (
        select
            aimed.case_key,
            aimed.start_minute,
            case
                when aimed.time_limit_unit = 'working_hours'
                    then
                        aimed.start_minute
                        + 60 * (aimed.time_limit + aimed.extra_working_days * {{ var('hours_per_working_day') }})
                else end_day.working_minutes_before + least(aimed.end_offset, end_day.working_minutes)
            end as limit_minute
        from aimed
        left join working_day as end_day on aimed.end_number = end_day.working_day_number
    ),

    paused as (
        select
            limited.case_key,
            limited.limit_minute,
            greatest(pause.began_minute, limited.start_minute) as began_minute,
            pause.ended_minute - greatest(pause.began_minute, limited.start_minute) as minutes
        from limited
        inner join {{ pauses }} as pause on limited.case_key = pause.case_key
        where pause.ended_minute > limited.start_minute
    ),

    -- At the beginning of a pause the minutes used up are those since the start less the earlier pauses.
    followed as (
        select
            *,
            coalesce(
                sum(minutes) over (
                    partition by case_key order by began_minute rows between unbounded preceding and 1 preceding
                ),
                0
            ) as minutes_before
        from paused
    ),

    given_back as (
        select
            case_key,
            sum(minutes) as minutes
        from followed
        where began_minute - minutes_before < limit_minute
        group by case_key
    ),

    due as (
        select
            limited.case_key,
            limited.limit_minute - limited.start_minute as limit_minutes,
            limited.limit_minute + coalesce(given_back.minutes, 0) as due_minute
        from limited
        left join given_back on limited.case_key = given_back.case_key
        where limited.limit_minute is not null
    )

    select
        due.case_key,
        due.limit_minutes,
        due.due_minute,
        {{ instant_of_minute('due.due_minute', 'due_day') }} as due_at
    from due
    inner join {{ ref('int_working_hour') }} as due_hour
        on cast(floor((due.due_minute - 1) / 60.0) as bigint) = due_hour.hour_number
    inner join working_day as due_day
        on
            due_hour.working_day_number + case when due.due_minute > due_hour.day_ends_at_minute then 1 else 0 end
            = due_day.working_day_number
{%- endmacro %}
