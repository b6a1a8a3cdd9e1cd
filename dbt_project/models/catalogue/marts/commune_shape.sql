{%- set file = var('boundaries', '') %}

-- Real outlines where the province supplied them, else a square each in a grid; both in a box of 1000 x 1000.
with bounded as (
    {% if file -%}
    select
        commune_code,
        path,
        label_x,
        label_y
    from {{ parquet_files([file]) }}
    {% else -%}
    select
        cast(null as varchar) as commune_code,
        cast(null as varchar) as path,
        cast(null as double) as label_x,
        cast(null as double) as label_y
    where false
    {%- endif %}
),

placed as (
    select
        commune.commune_code,
        cell.cell_column,
        cell.cell_row,
        1000.0 / (1 + greatest(max(cell.cell_column) over (), max(cell.cell_row) over ())) as side
    from {{ ref('dim_commune') }} as commune
    inner join {{ ref('commune_cell') }} as cell on commune.commune_code = cell.commune_code
    where commune.is_current and not exists (select 1 from bounded)
),

squared as (
    select
        commune_code,
        round(cell_column * side, 1) as x,
        round(cell_row * side, 1) as y,
        -- A gap between neighbours.
        round(side - 3, 1) as drawn
    from placed
)

select
    commune_code,
    path,
    label_x,
    label_y,
    'boundary' as source
from bounded
union all
select
    commune_code,
    'M' || x || ' ' || y || 'h' || drawn || 'v' || drawn || 'h-' || drawn || 'Z' as path,
    round(x + drawn / 2, 1) as label_x,
    round(y + drawn / 2, 1) as label_y,
    'cell' as source
from squared
