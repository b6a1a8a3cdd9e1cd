{#- Flag by flag: its code and when a version deserves it. -#}
{%- set latest_sane = add_days('version.export_date', 1) %}
{%- set flags = [
    ('empty_channel', 'version.channel_code is null'),
    ('no_due_date', 'version.due_at is null and version.status_code not in (1, 3)'),
    ('finished_before_received', 'version.finished_at < version.received_at'),
    ('returned_before_finished', 'version.returned_at < version.finished_at'),
    (
        'date_after_export',
        'cast(greatest(version.submitted_at, version.received_at, version.finished_at, version.returned_at, '
        ~ 'version.refused_at, version.supplement_asked_at, version.supplement_received_at, version.updated_at) '
        ~ 'as date) > ' ~ latest_sane,
    ),
    ('day_month_swapped', 'version.swapped_dates is not null'),
    ('received_over_5_years_ago', 'cast(version.received_at as date) < ' ~ add_months('version.export_date', -60)),
    ('supplement_received_before_asked', 'version.supplement_received_at < version.supplement_asked_at'),
    ('procedure_not_in_catalogue', 'known_procedure.procedure_code is null'),
    (
        'field_not_in_catalogue',
        'coalesce(version.field_code, version.field_name) is not null '
        ~ 'and field_by_code.field_code is null and field_by_name.field_name is null',
    ),
    ('finished_without_date', 'version.status_code in (9, 10) and version.finished_at is null'),
    ('due_before_received', 'cast(version.due_at as date) < cast(version.received_at as date)'),
    (
        'due_too_far',
        days_between('cast(version.received_at as date)', 'cast(version.due_at as date)') ~ ' > plausible.due_days',
    ),
    ('too_many_supplements', 'version.times_supplemented > plausible.supplements'),
    ('fee_too_high', 'version.fee_amount > plausible.fee_amount'),
    (
        'negative_number',
        'least(version.fee_amount, version.times_supplemented, version.component_count, '
        ~ 'version.digitised_component_count) < 0',
    ),
    ('more_digitised_than_components', 'version.digitised_component_count > version.component_count'),
    ('value_left_out', 'version.emptied is not null'),
    ('commune_not_in_force', 'commune.commune_code is null'),
] %}
{#- What only the whole history of a dossier tells, at its newest export. -#}
{%- set dossier_flags = [
    ('finished_at_once', 'is_finished_at_once and is_limit_beyond_a_day'),
    ('never_seen_open', 'is_never_seen_open'),
    ('reopened', 'is_reopened'),
] %}

with known_procedure as (
    -- A code has a row per validity; here only its being known counts.
    select distinct procedure_code
    from {{ ref('procedure') }}
),

doubtful as (
    select
        version.dossier_code,
        version.commune_code,
        version.export_date,
        version.version_key,
    {% for flag, condition in flags -%}
    coalesce({{ condition }}, false) as {{ flag }}{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('int_dossier_version') }} as version
    left join known_procedure on version.procedure_code = known_procedure.procedure_code
    left join {{ ref('plausible_limit') }} as plausible
        on {{ is_valid_on('version.export_date', 'plausible.valid_from', 'plausible.valid_to') }}
    left join {{ ref('dim_commune') }} as commune
        on
            version.commune_code = commune.commune_code
            and {{ is_valid_on('version.export_date', 'commune.valid_from', 'commune.valid_to') }}
    left join {{ ref('field') }} as field_by_code on lower(version.field_code) = field_by_code.field_code
    left join {{ ref('field') }} as field_by_name on lower(version.field_name) = lower(field_by_name.field_name)
    where
    {% for _, condition in flags -%}
        {{ 'or ' if not loop.first }}({{ condition }})
    {% endfor %}
),

raised as (
    {% for flag, _ in flags -%}
    select
        dossier_code,
        commune_code,
        export_date,
        version_key,
        '{{ flag }}' as flag
    from doubtful
    where {{ flag }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

of_dossier as (
    select
        dossier_code,
        commune_code,
        export_date,
        flag
    from {{ ref('int_source_doubt') }}
    {% for flag, condition in dossier_flags -%}
    union all
    select
        dossier_code,
        commune_code,
        last_seen_on as export_date,
        '{{ flag }}' as flag
    from {{ ref('fct_dossier') }}
    where {{ condition }}
    {% endfor %}
),

doubtful_dossier as (
    -- Any flag makes the dossier worth the look for its newest version of each export.
    select distinct dossier_code
    from raised
    union
    select dossier_code
    from of_dossier
    union
    select dossier_code
    from {{ ref('int_dossier_history') }}
    where has_changed_commune
),

newest_of_export as (
    select
        version.dossier_code,
        version.export_date,
        max(version.version_key) as version_key,
        max_by(version.commune_code, version.version_key) as commune_code,
        max_by(version.delivery_id, version.version_key) as delivery_id,
        max_by(version.line, version.version_key) as line
    from {{ ref('int_dossier_version') }} as version
    inner join doubtful_dossier on version.dossier_code = doubtful_dossier.dossier_code
    group by version.dossier_code, version.export_date
),

moved as (
    select
        *,
        lag(commune_code) over (partition by dossier_code order by export_date) as previous_commune_code
    from newest_of_export
),

flagged as (
    select
        raised.dossier_code,
        raised.commune_code,
        raised.export_date,
        raised.flag
    from raised
    inner join newest_of_export
        on
            raised.dossier_code = newest_of_export.dossier_code
            and raised.export_date = newest_of_export.export_date
            and raised.version_key = newest_of_export.version_key
    union all
    select
        dossier_code,
        commune_code,
        export_date,
        'seen_in_another_commune' as flag
    from moved
    where commune_code <> previous_commune_code
    union all
    select
        dossier_code,
        commune_code,
        export_date,
        flag
    from of_dossier
)

select
    flagged.dossier_code,
    flagged.commune_code,
    flagged.export_date,
    flagged.flag,
    delivery.file_name,
    newest_of_export.line
from flagged
inner join newest_of_export
    on
        flagged.dossier_code = newest_of_export.dossier_code
        and flagged.export_date = newest_of_export.export_date
inner join {{ ref('int_delivery') }} as delivery on newest_of_export.delivery_id = delivery.delivery_id
