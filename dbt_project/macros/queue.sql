{# What a queue costs, as a fluid: `waiting` dossiers leave at `rate` a working day, and none comes. #}

{# How long of the working days that are looked ahead somebody will be waiting. #}
{% macro days_waiting_ahead(waiting, rate) -%}
    {%- set ahead = var('queue')['ahead_working_days'] -%}
    least({{ ahead }}, coalesce({{ waiting }} / nullif({{ rate }}, 0), {{ ahead }}))
{%- endmacro %}

{# Dossier-hours beyond the limit that those waiting will still wait in the next `days`: each counted as if it had just
   come, so it is the least. All in working days but the result. #}
{% macro hours_to_come(waiting, rate, days, limit_days) -%}
    {{ var('hours_per_working_day') }} * case
        when {{ rate }} is null then null
        when {{ days }} <= {{ limit_days }} then 0
        else
            {{ waiting }} * ({{ days }} - {{ limit_days }})
            - {{ rate }} * ({{ days }} * {{ days }} - {{ limit_days }} * {{ limit_days }}) / 2
    end
{%- endmacro %}

{# Weeks until a queue is empty although dossiers keep coming; none where it grows or stands. #}
{% macro weeks_to_drain(waiting, leaving, coming) -%}
    case
        when {{ leaving }} > {{ coming }}
            then {{ waiting }} / ({{ leaving }} - {{ coming }}) / {{ var('queue')['working_days_per_week'] }}
    end
{%- endmacro %}

{# One row of `bottleneck_week` in words; `row` is the alias of a relation with its columns. #}
{% macro bottleneck_words(row) -%}
    {{ row }}.stage_name || ', ' || {{ row }}.unit_name || ': '
    || case {{ row }}.no_figure_reason
        when 'too_few'
            then
                'chưa tính được, vì {{ var("queue")["rate_weeks"] }} tuần qua mới có '
                || {{ vietnamese_number(row ~ '.present', 0) }} || ' hồ sơ chờ hoặc đi qua (cần ít nhất '
                || '{{ var("queue")["least_dossiers"] }}).'
        when 'no_working_day'
            then 'chưa tính được, vì {{ var("queue")["rate_weeks"] }} tuần qua không có ngày làm việc.'
        when 'nothing_moves'
            then
                'chưa tính được, vì {{ var("queue")["rate_weeks"] }} tuần qua không có hồ sơ nào vào hoặc ra, '
                || {{ vietnamese_number(row ~ '.waiting_at_end', 0) }}
                || ' hồ sơ nằm yên; hãy hỏi đơn vị có còn gửi dữ liệu không.'
        else
            {{ queue_words(row) }} || {{ cost_words(row) }} || {{ remedy_words(row) }}
            || coalesce(' Chờ nhiều nhất là hồ sơ của ' || {{ row }}.blocked || '.', '')
            || coalesce(
                ' Công đoạn sau phải đợi: ' || {{ row }}.next_stage_name || ', ' || {{ row }}.next_unit_name || '.', ''
            )
            || case
                when {{ row }}.is_alarm
                    then ' Báo động: hàng chờ tăng quá mức dao động ngẫu nhiên và vượt thời hạn của công đoạn.'
                else ''
            end
    end
{%- endmacro %}

{# "126 hồ sơ đang chờ, tăng 98 trong 2 tuần (mỗi ngày làm việc nhận 21, xong 8,4, trước đó thường xong 20,1)." #}
{% macro queue_words(row) -%}
    {{ vietnamese_number(row ~ '.waiting_at_end', 0) }} || ' hồ sơ đang chờ, '
    || case
        when {{ row }}.growth > 0 then 'tăng ' || {{ vietnamese_number(row ~ '.growth', 0) }}
        when {{ row }}.growth < 0 then 'giảm ' || {{ vietnamese_number('abs(' ~ row ~ '.growth)', 0) }}
        else 'không tăng không giảm'
    end
    || ' trong {{ var("queue")["rate_weeks"] }} tuần (mỗi ngày làm việc nhận '
    || {{ vietnamese_number(row ~ '.entered_per_day', 1) }} || ', xong '
    || {{ vietnamese_number(row ~ '.left_per_day', 1) }}
    || coalesce(', trước đó thường xong ' || {{ vietnamese_number(row ~ '.usual_left_per_day', 1) }}, '') || ').'
{%- endmacro %}

{# "Trong tuần đã chờ quá thời hạn 312 giờ; với tốc độ này 3 tuần nữa mới hết và còn chờ quá thời hạn ít nhất 4.856 giờ." #}
{% macro cost_words(row) -%}
    ' Trong tuần đã chờ quá thời hạn ' || {{ vietnamese_number(row ~ '.hours_beyond_limit', 0) }}
    || ' giờ làm việc (cộng các hồ sơ); '
    || case
        when {{ row }}.waiting_at_end = 0 then 'nay không còn hồ sơ nào chờ.'
        when {{ row }}.weeks_to_clear is null then 'nay không hồ sơ nào được xử lý xong'
        else
            'với tốc độ này, dù không nhận thêm, ' || {{ vietnamese_number(row ~ '.weeks_to_clear', 1) }}
            || ' tuần nữa mới hết'
    end
    || case
        when {{ row }}.waiting_at_end = 0 then ''
        else
            ' và trong {{ var("queue")["ahead_working_days"] }} ngày làm việc tới còn chờ quá thời hạn ít nhất '
            || {{ vietnamese_number(row ~ '.hours_to_come', 0) }} || ' giờ.'
    end
{%- endmacro %}

{# "Mỗi ngày xong thêm 1 hồ sơ thì bớt 530 giờ, 8 tuần nữa hết hàng chờ." #}
{% macro remedy_words(row) -%}
    case
        when {{ row }}.hours_saved_by_one_more < 0.5 then ''
        else
            ' Mỗi ngày xong thêm 1 hồ sơ thì bớt ' || {{ vietnamese_number(row ~ '.hours_saved_by_one_more', 0) }}
            || ' giờ; hàng chờ '
            || coalesce(
                'hết sau ' || {{ vietnamese_number(row ~ '.weeks_to_drain_with_one_more', 1) }} || ' tuần.',
                'vẫn chưa giảm.'
            )
    end
{%- endmacro %}
