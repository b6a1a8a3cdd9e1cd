-- Green must be the better side of yellow, a share lies between 0 and 1, and something must be there to divide by.
with threshold as (
    select
        threshold.*,
        indicator.unit,
        indicator.direction,
        concat(
            'Danh mục indicator_threshold.csv: chỉ số ', threshold.indicator_code, ', dòng từ ',
            cast(threshold.valid_from as varchar)
        ) as place
    from {{ ref('indicator_threshold') }} as threshold
    inner join {{ ref('indicator') }} as indicator on threshold.indicator_code = indicator.indicator_code
),

faults as (
    select
        concat(
            place, ', có ngưỡng xanh ', cast(green_from as varchar),
            case direction when 'higher' then ' thấp hơn' else ' cao hơn' end, ' ngưỡng vàng ',
            cast(yellow_from as varchar), ' trong khi chỉ số này càng ',
            case direction when 'higher' then 'cao' else 'thấp' end, ' càng tốt; hãy đổi chỗ hai ngưỡng.'
        ) as sentence
    from threshold
    where
        (direction = 'higher' and green_from < yellow_from)
        or (direction = 'lower' and green_from > yellow_from)
    union all
    select concat(place, ', có ngưỡng nằm ngoài khoảng 0 đến 1; hãy ghi 95 % là 0.95.') as sentence
    from threshold
    where unit = 'share' and (green_from not between 0 and 1 or yellow_from not between 0 and 1)
    union all
    select concat(place, ', thiếu ngưỡng xanh, ngưỡng vàng hoặc mẫu số tối thiểu (từ 1); hãy điền đủ.') as sentence
    from threshold
    where green_from is null or yellow_from is null or coalesce(min_denominator, 0) < 1
)

{{ refuse('faults') }}
