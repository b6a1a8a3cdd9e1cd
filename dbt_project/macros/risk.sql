{# What the at-risk list says of a dossier in words. Each part takes the alias of a row that carries the columns of
   `dossier_at_risk` under their names. #}

{# "12,5 giờ làm việc" #}
{% macro hours_words(hours) -%}
    {{ vietnamese_short('round(' ~ hours ~ ', 1)') }} || ' giờ làm việc'
{%- endmacro %}

{# "81 %"; few of many are not none, and most are not all. #}
{% macro share_words(share) -%}
    case
        when {{ share }} > 0 and {{ share }} < 0.01 then 'dưới 1'
        when {{ share }} < 1 and {{ share }} > 0.99 then 'trên 99'
        else {{ vietnamese_number('round(' ~ share ~ ' * 100, 0)', 0) }}
    end || ' %'
{%- endmacro %}

{# Why the risk is what it is. #}
{% macro risk_reason(row) -%}
    case when {{ row }}.is_paused then 'Đang tạm dừng, đồng hồ đứng. ' else '' end
    || case
        when {{ row }}.due_at is null then 'Hồ sơ không có ngày hẹn trả nên không ước lượng được.'
        when {{ row }}.is_missed and {{ row }}.working_hours_left < 0
            then 'Đã quá hạn ' || {{ hours_words('-' ~ row ~ '.working_hours_left') }} || '.'
        when {{ row }}.is_missed then 'Không còn giờ làm việc nào đến hết ngày hẹn trả.'
        else
            'Còn ' || {{ hours_words(row ~ '.working_hours_to_end_of_due_day') }} || ' đến hết ngày hẹn trả, đã ở công đoạn «'
            || {{ row }}.stage_name || '» ' || {{ hours_words(row ~ '.working_hours_in_stage') }} || '. '
            || case
                when {{ row }}.risk is null
                    then 'Chưa có hồ sơ nào như vậy được giải quyết xong, nên chưa có gì để so sánh.'
                else
                    'Trong ' || {{ vietnamese_number(row ~ '.group_size', 0) }} || ' hồ sơ ' || {{ row }}.group_name
                    || ' từng ở lâu như vậy, ' || {{ share_words(row ~ '.group_missed_share') }}
                    || ' không xong trong chừng ấy giờ; tính cả các nhóm rộng và hẹp hơn: '
                    || {{ share_words(row ~ '.risk') }} || '.'
            end
    end
{%- endmacro %}

{# What would still save it. #}
{% macro risk_rescue(row) -%}
    case
        when {{ row }}.due_at is null then 'Ghi ngày hẹn trả vào hồ sơ.'
        when {{ row }}.is_missed then 'Giải quyết ngay; nếu chưa có thư xin lỗi và ngày hẹn mới thì gửi cho người dân.'
        when {{ row }}.is_paused
            then
                'Nhắc người dân hoàn tất; khi hồ sơ chạy lại còn '
                || {{ hours_words(row ~ '.working_hours_to_end_of_due_day') }} || '.'
        when {{ row }}.leave_stage_by is not null
            then
                'Cần xong công đoạn «' || {{ row }}.stage_name || '» trước ' || {{ vietnamese_moment(row ~ '.leave_stage_by') }}
                || case
                    when {{ row }}.typical_hours_after_stage > 0
                        then ' (các công đoạn sau thường mất ' || {{ hours_words(row ~ '.typical_hours_after_stage') }} || ').'
                    else '.'
                end
        when {{ row }}.typical_hours_after_stage > {{ row }}.working_hours_left
            then
                'Các công đoạn sau thường mất ' || {{ hours_words(row ~ '.typical_hours_after_stage') }} || ' mà chỉ còn '
                || {{ hours_words('greatest(0, ' ~ row ~ '.working_hours_left)') }}
                || ': phải chuyển bước ngay và làm nhanh hơn thường lệ.'
        else
            'Cần xong trong ' || {{ hours_words(row ~ '.working_hours_to_end_of_due_day') }}
            || coalesce(
                '; hồ sơ như vậy thường cần thêm ' || {{ hours_words(row ~ '.typical_hours_left') }}, ''
            ) || '.'
    end
{%- endmacro %}
