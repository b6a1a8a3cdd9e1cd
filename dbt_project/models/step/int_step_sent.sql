-- The steps of each dossier as its newest delivery tells them: that set replaces all earlier ones, also where it holds
-- fewer. Records of the national exchange say who acted, when, and the state then, and neither step nor start: there a
-- step begins where the one before it ended, and is the stage that its department, else its state, stands for.
with live as (
    select
        version.*,
        delivery.version_rank
    from {{ ref('stg_tientrinh_version') }} as version
    inner join {{ ref('int_delivery') }} as delivery on version.delivery_id = delivery.delivery_id
    where delivery.is_live
),

newest as (
    select
        dossier_code,
        max(version_rank) as version_rank
    from live
    group by dossier_code
),

sent as (
    select
        live.*,
        max(coalesce(live.ended_at, live.started_at)) over (
            partition by live.dossier_code
            order by coalesce(live.ended_at, live.started_at) asc nulls last, live.position asc
            rows between unbounded preceding and 1 preceding
        ) as last_act_at
    from live
    inner join newest on live.dossier_code = newest.dossier_code and live.version_rank = newest.version_rank
),

department as (
    select distinct department
    from sent
    where stage is null
),

-- A department that the words for stages name, by its whole name or the beginning of it; the longest of them.
department_named as (
    select
        department.department,
        max_by(spelling.stage_code, length(spelling.stage_text)) as stage_code
    from department
    inner join {{ ref('stage_text') }} as spelling
        on
            lower(department.department) = spelling.stage_text
            or lower(department.department) like concat(spelling.stage_text, ' %')
    group by department.department
),

state_named as (
    select
        cast(status_code as varchar) as state_text,
        status_code
    from {{ ref('dossier_status') }}
    union all
    select
        lower(status_name) as state_text,
        status_code
    from {{ ref('dossier_status') }}
),

-- Who acted: an office outside of the commune where its name says so, else the commune.
acted as (
    select
        sent.*,
        state_named.status_code,
        case when stage.unit_type <> 'xa' then stage.stage_code end as outside_stage,
        case
            when sent.stage is null then coalesce(sent.unit_type, stage.unit_type, 'xa')
            else sent.unit_type
        end as held_by
    from sent
    left join department_named on sent.department = department_named.department
    left join {{ ref('stage') }} as stage on department_named.stage_code = stage.stage_code
    left join state_named on lower(sent.status_text) = state_named.state_text
)

select
    acted.dossier_code,
    acted.commune_code,
    acted.step_number,
    coalesce(acted.stage, acted.outside_stage, status_stage.stage_code, acted.department, acted.status_text) as stage,
    acted.department,
    acted.held_by as unit_type,
    coalesce(
        acted.started_at,
        acted.last_act_at,
        case when dossier.received_at <= acted.ended_at then dossier.received_at end,
        acted.ended_at,
        dossier.received_at,
        cast(acted.export_date as timestamp)
    ) as started_at,
    acted.due_at,
    acted.ended_at,
    acted.stage is null or acted.started_at is null as is_inferred,
    acted.export_date,
    acted.position
from acted
left join {{ ref('status_stage') }} as status_stage
    on acted.status_code = status_stage.status_code and acted.held_by = status_stage.resolving_unit_type
left join {{ ref('int_dossier') }} as dossier on acted.dossier_code = dossier.dossier_code
