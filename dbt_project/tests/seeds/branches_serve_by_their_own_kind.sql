-- A commune's branch must be of the kind that the row says, and a further name must mean a branch that there is.
with kind_of_branch as (
    select
        branch_code,
        min(unit_type) as unit_type
    from {{ ref('branch') }}
    group by branch_code
),

faults as (
    select
        concat(
            'Danh mục branch_commune.csv: ', serving.commune_code, ', ', serving.branch_code, ' ghi unit_type ',
            serving.unit_type, ' nhưng branch.csv ghi ', kind_of_branch.unit_type, '; hãy sửa cho khớp.'
        ) as sentence
    from {{ ref('branch_commune') }} as serving
    inner join kind_of_branch on serving.branch_code = kind_of_branch.branch_code
    where serving.unit_type <> kind_of_branch.unit_type
    union all
    select
        concat(
            'Danh mục unit_text.csv: tên "', spelling.unit_text, '" chỉ tới mã ', spelling.branch_code,
            ' mà branch.csv không có; hãy sửa mã, hoặc để trống nếu tên chỉ chung chi nhánh nào cũng được.'
        ) as sentence
    from {{ ref('unit_text') }} as spelling
    left join kind_of_branch on spelling.branch_code = kind_of_branch.branch_code
    where spelling.branch_code is not null and kind_of_branch.branch_code is null
)

{{ refuse('faults') }}
