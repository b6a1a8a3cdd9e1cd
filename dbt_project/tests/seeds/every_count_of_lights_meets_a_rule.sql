-- Whatever the lights of its indicators, a unit must get a light: some rule that is in force must hold with a key
-- indicator judged and with none.
with judged as (
    select 0 as key_judged
    union all
    select 1 as key_judged
),

faults as (
    select
        concat(
            'Danh mục light_rule.csv: không dòng nào đang hiệu lực xếp màu cho đơn vị có ',
            cast(judged.key_judged as varchar),
            ' chỉ số trọng yếu đủ số liệu; hãy thêm một dòng cuối có counted là key_judged.'
        ) as sentence
    from judged
    left join {{ ref('light_rule') }} as rule
        on
            rule.counted = 'key_judged'
            and {{ is_current('rule.valid_from', 'rule.valid_to') }}
            and judged.key_judged between coalesce(rule.at_least, 0) and coalesce(rule.at_most, 1000000)
    where rule.counted is null
)

{{ refuse('faults') }}
