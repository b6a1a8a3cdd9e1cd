{# The words of a light: what `commune_indicator` and `province_indicator` say of it, part by part. Each part takes the
   alias of a row that carries the columns of `int_unit_indicator_explained`. #}

{# A value of an indicator in the unit that people read it in: per cent for a share. #}
{% macro readable(value, unit) -%}
    case {{ unit }} when 'share' then {{ value }} * 100 else {{ value }} end
{%- endmacro %}

{% macro unit_name(unit) -%}
    case {{ unit }} when 'share' then ' %' when 'working_days' then ' ngày làm việc' else '' end
{%- endmacro %}

{# One decimal; but never rounded across an edge, or the number would belie the colour. #}
{% macro rounded_on_its_side(value, row) -%}
    case
        when
            {{ row }}.direction = 'higher'
            and (
                ({{ value }} < {{ row }}.green_readable and round({{ value }}, 1) >= {{ row }}.green_readable)
                or ({{ value }} < {{ row }}.yellow_readable and round({{ value }}, 1) >= {{ row }}.yellow_readable)
            )
            then floor({{ value }} * 10) / 10
        when
            {{ row }}.direction = 'lower'
            and (
                ({{ value }} > {{ row }}.green_readable and round({{ value }}, 1) <= {{ row }}.green_readable)
                or ({{ value }} > {{ row }}.yellow_readable and round({{ value }}, 1) <= {{ row }}.yellow_readable)
            )
            then ceil({{ value }} * 10) / 10
        else round({{ value }}, 1)
    end
{%- endmacro %}

{# "91,3"; null where there is no value. Few of very many are not none. #}
{% macro value_short_label(row) -%}
    case when {{ row }}.shown = 0 and {{ row }}.numerator > 0 then '<0,1' else {{ vietnamese_short(row ~ '.shown') }} end
{%- endmacro %}

{# "91,3 %", "dưới 0,1 %". #}
{% macro value_label(row) -%}
    case
        when {{ row }}.shown = 0 and {{ row }}.numerator > 0 then 'dưới 0,1' else {{ vietnamese_short(row ~ '.shown') }}
    end
    || {{ unit_name(row ~ '.unit') }}
{%- endmacro %}

{# "91,3 % (1.245/1.364)" #}
{% macro value_words(row) -%}
    {{ value_label(row) }} || ' (' || {{ vietnamese_number(row ~ '.numerator', 0) }}
    || '/' || {{ vietnamese_number(row ~ '.denominator', 0) }} || ')'
{%- endmacro %}

{# "vàng: dưới ngưỡng xanh 95 %" #}
{% macro light_words(row) -%}
    case {{ row }}.light
        when 'green'
            then 'xanh: ' || case {{ row }}.direction when 'higher' then 'đạt' else 'không quá' end || ' ngưỡng xanh '
        when 'yellow'
            then 'vàng: ' || case {{ row }}.direction when 'higher' then 'dưới' else 'trên' end || ' ngưỡng xanh '
        else 'đỏ: ' || case {{ row }}.direction when 'higher' then 'dưới' else 'trên' end || ' ngưỡng vàng '
    end
    || case
        when {{ row }}.light = 'red' then {{ vietnamese_short(row ~ '.yellow_readable') }}
        else {{ vietnamese_short(row ~ '.green_readable') }}
    end
    || {{ unit_name(row ~ '.unit') }} || '.'
{%- endmacro %}

{# Why there is no colour. #}
{% macro grey_words(row) -%}
    case {{ row }}.grey_reason
        when 'no_data' then 'Chưa có số liệu: trong kỳ không nhận được dữ liệu về ' || {{ row }}.denominator_name || '.'
        when 'not_applicable' then 'Không phát sinh: trong kỳ không có ' || {{ row }}.denominator_name || '.'
        when 'too_early'
            then {{ value_words(row) }} || ', chưa xếp màu: kỳ mới bắt đầu, còn ít ngày làm việc.'
        else
            {{ value_words(row) }} || ', chưa xếp màu: cần ít nhất '
            || {{ vietnamese_number(row ~ '.min_denominator', 0) }} || ' ' || {{ row }}.denominator_name || '.'
    end
{%- endmacro %}

{# "Giảm 2,1 điểm % so với tuần trước, chủ yếu do lĩnh vực Đất đai." Nothing where no period could come before. #}
{% macro change_words(row) -%}
    case
        when {{ row }}.period_type = 'to_date' then ''
        when {{ row }}.previous_start is null then ' Chưa có kỳ trước để so sánh.'
        when {{ row }}.change is null
            then ' ' || {{ row }}.period_type_name || ' trước chưa đủ số liệu để so sánh.'
        when {{ row }}.change_shown = 0 then ' Không đổi so với ' || lower({{ row }}.period_type_name) || ' trước.'
        else
            case when {{ row }}.change_shown > 0 then ' Tăng ' else ' Giảm ' end
            || {{ vietnamese_short('abs(' ~ row ~ '.change_shown)') }}
            || case {{ row }}.unit when 'share' then ' điểm %' else {{ unit_name(row ~ '.unit') }} end
            || ' so với ' || lower({{ row }}.period_type_name) || ' trước'
            || coalesce(', chủ yếu do ' || {{ row }}.moved_most, '') || '.'
    end
{%- endmacro %}

{# "▼ 2,1 điểm, xấu đi"; null where no period may be compared. #}
{% macro change_label(row) -%}
    case
        when {{ row }}.change_shown is null then null
        when {{ row }}.change_shown = 0 then '= không đổi'
        else
            {{ arrow(row ~ '.change_shown') }} || {{ vietnamese_short('abs(' ~ row ~ '.change_shown)') }}
            || case {{ row }}.unit when 'share' then ' điểm' when 'working_days' then ' ngày' else '' end
            || case when ({{ row }}.change_shown > 0) = ({{ row }}.direction = 'higher') then ', tốt lên' else ', xấu đi' end
    end
{%- endmacro %}

{# "tệp phải gửi giảm từ 5 xuống 3" #}
{% macro term_words(name, before, after) -%}
    {{ name }} || case when {{ after }} > {{ before }} then ' tăng từ ' else ' giảm từ ' end
    || {{ vietnamese_number(before, 0) }}
    || case when {{ after }} > {{ before }} then ' lên ' else ' xuống ' end || {{ vietnamese_number(after, 0) }}
{%- endmacro %}

{# Noise or news. Nothing where the past is too short to tell. #}
{% macro signal_words(row) -%}
    case
        when {{ row }}.limit_centre is null then ''
        when {{ row }}.signal_rule = 'outside_limits' then ' Khác thường: ngoài khoảng dao động của chính mình ('
        when {{ row }}.signal_rule = 'one_side'
            then
                ' Khác thường: {{ var("signal")["run_before"] | int + 1 }} kỳ liền lệch về một phía so với trước; '
                || 'khoảng dao động ('
        else ' Trong khoảng dao động thường ('
    end
    || case
        when {{ row }}.limit_centre is null then ''
        else
            {{ vietnamese_short(row ~ '.low_readable') }} || '–' || {{ vietnamese_short(row ~ '.high_readable') }}
            || {{ unit_name(row ~ '.unit') }} || ').'
    end
{%- endmacro %}

{# The whole sentence. #}
{% macro explanation_words(row) -%}
    case
        when {{ row }}.grey_reason is not null then {{ grey_words(row) }}
        else
            {{ value_words(row) }} || ', ' || {{ light_words(row) }} || {{ change_words(row) }} || {{ signal_words(row) }}
            || case
                when {{ row }}.is_complete or {{ row }}.period_type = 'to_date' then ''
                else ' ' || {{ row }}.period_type_name || ' chưa kết thúc.'
            end
    end
{%- endmacro %}

{# The light of a whole unit in words: the rule, the counts, the worst indicator. #}
{% macro unit_light_words(row) -%}
    substr({{ unit_light_label(row ~ '.light') }}, 3) || ': ' || {{ row }}.rule_name || '. '
    || {{ row }}.green || ' xanh, ' || {{ row }}.yellow || ' vàng, ' || {{ row }}.red || ' đỏ, '
    || {{ row }}.grey || ' chưa xếp màu.' || coalesce(' Kém nhất: ' || {{ row }}.worst_indicator_name || '.', '')
{%- endmacro %}
