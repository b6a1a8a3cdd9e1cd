-- Two cards per commune: its 766 score of the newest month that is old enough, and how it sent its dossier files on the
-- last 20 days on which they were owed.
with score as (
    select
        scored.*,
        period.period_label,
        count(scored.score_total) over () as communes_scored
    from {{ ref('commune_score') }} as scored
    inner join {{ ref('dim_period') }} as period
        on scored.period_type = period.period_type and scored.period_start = period.period_start
    where scored.period_type = 'month' and period.is_shown
),

newest_first as (
    select
        *,
        row_number() over (partition by commune_code order by export_date desc) as age
    from {{ ref('delivery') }}
    where kind = 'hoso' and is_expected
),

delivery_count as (
    select
        sent.commune_code,
        commune.commune_name,
        count(*) as owed,
        sum(case when sent.is_on_time then 1 else 0 end) as on_time,
        max(sent.export_date) as newest_on,
        max(case when sent.age = 1 then sent.status_name end) as newest_status_name
    from newest_first as sent
    inner join {{ ref('dim_commune') }} as commune
        on sent.commune_code = commune.commune_code and commune.is_current
    where sent.age <= 20
    group by sent.commune_code, commune.commune_name
)

select
    commune_code,
    commune_name,
    5 as card_order,
    'Điểm 766' as title,
    coalesce({{ vietnamese_number('score_total', 2) }}, '–') as value_text,
    case
        when score_total is null then 'Chưa có số liệu'
        else
            'Hạng ' || {{ vietnamese_number('rank', 0) }} || '/' || {{ vietnamese_number('communes_scored', 0) }}
            || case
                when rank_change = 0 then ', giữ hạng'
                else coalesce(', ' || {{ count_change('rank_change', '0') }} || ' bậc', '')
            end
    end as detail,
    case
        when points_unknown > 0 then 'còn ' || {{ vietnamese_number('points_unknown', 0) }} || ' điểm chưa tính được'
        else ''
    end as change_text,
    period_label as moment,
    'Tổng điểm các nhóm theo Quyết định 766, phần đã tính được; tối đa 100' as definition
from score
union all
select
    commune_code,
    commune_name,
    6 as card_order,
    'Gửi dữ liệu đúng giờ' as title,
    on_time || '/' || owed as value_text,
    'Tệp ' || {{ vietnamese_day_month('newest_on') }} || ': ' || newest_status_name as detail,
    '' as change_text,
    owed || ' ngày phải gửi gần nhất' as moment,
    'Tệp hồ sơ được nhận trước giờ chốt' as definition
from delivery_count
