with petition as (
    select
        *,
        {{ end_of_due('due_at') }} as due_until,
        case when cast(handled_at as date) <= {{ as_of_date() }} then handled_at end as known_handled_at
    from {{ ref('int_petition') }}
)

select
    petition_code,
    petition_kind as kind,
    case petition_kind when 'kien_nghi' then 'Phản ánh, kiến nghị' else 'Đánh giá' end as kind_name,
    commune_code,
    dossier_code,
    received_at,
    due_at,
    is_due_by_limit,
    handled_at,
    case
        when petition_kind <> 'kien_nghi' or due_until is null then null
        when coalesce(known_handled_at, {{ as_of_timestamp() }}) > due_until then false
        when known_handled_at is not null then true
    end as is_on_time,
    classification,
    satisfaction,
    intake_channel,
    export_date
from petition
