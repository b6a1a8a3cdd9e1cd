-- An indicator with a formula but no words, or with words but no formula, or without any threshold.
with computed as (
    {% for code in indicator_terms() -%}
    select '{{ code }}' as indicator_code
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

faults as (
    select
        case
            when computed.indicator_code is null
                then concat(
                    'Danh mục indicator.csv: chỉ số ', indicator.indicator_code,
                    ' chưa có công thức; hãy sửa mã hoặc thêm công thức vào macros/indicators.sql.'
                )
            when indicator.indicator_code is null
                then concat(
                    'Danh mục indicator.csv: thiếu chỉ số ', computed.indicator_code,
                    ' mà macros/indicators.sql có công thức; hãy thêm dòng cho chỉ số này.'
                )
            else concat(
                'Danh mục indicator_threshold.csv: chỉ số ', indicator.indicator_code,
                ' chưa có ngưỡng nào; hãy thêm dòng ngưỡng có hiệu lực từ ngày đầu tiên của số liệu.'
            )
        end as sentence
    from computed
    full outer join {{ ref('indicator') }} as indicator on computed.indicator_code = indicator.indicator_code
    left join {{ ref('indicator_threshold') }} as threshold
        on indicator.indicator_code = threshold.indicator_code
    where
        threshold.indicator_code is null
        or computed.indicator_code is null
        or indicator.indicator_code is null
)

{{ refuse('faults') }}
