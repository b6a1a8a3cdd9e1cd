-- c3 = c4 + c5 + c6, c7 = c8 + c9 + c10, c11 = c12 + c13 and c3 = c7 + c11 on every row, and the open columns agree
-- with the backlog of the same evening. Checked for the newest month and for the whole history.
{%- set month = "cast(date_trunc('month', " ~ as_of_date() ~ ') as date)' %}

with reported as (
    select
        {{ as_of_date() }} as judged_on,
        month_report.*
    from {{ ref('report_ii06') }}({{ month }}, {{ as_of_date() }}) as month_report
    union all
    select
        {{ add_days(month, -1) }} as judged_on,
        history_report.*
    from {{ ref('report_ii06') }}({{ history_floor() }}, {{ add_days(month, -1) }}) as history_report
)

select reported.*
from reported
left join {{ ref('commune_flow_day') }} as flow
    on
        reported.commune_code = flow.commune_code
        and reported.field_code = flow.field_code
        and reported.judged_on = flow.date
where
    reported.c3 <> reported.c4 + reported.c5 + reported.c6
    or reported.c7 <> reported.c8 + reported.c9 + reported.c10
    or reported.c11 <> reported.c12 + reported.c13
    or reported.c3 <> reported.c7 + reported.c11
    or reported.c11 <> flow.open_at_end
    or reported.c13 <> flow.overdue_at_end
