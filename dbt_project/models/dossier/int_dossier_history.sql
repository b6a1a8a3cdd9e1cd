{{ config(materialized='table') }}

select
    dossier_code,
    max(version_key) as newest_version_key,
    min(export_date) as first_seen_on,
    max(export_date) as last_seen_on,
    min(case when state in ('finished', 'withdrawn', 'refused') then export_date end) as first_seen_closed_on,
    min(case when state = 'finished' then export_date end) as first_seen_finished_on,
    min(case when state = 'finished' then version_key end) as oldest_finished_version_key,
    max(case when state <> 'paused' then version_key end) as newest_unpaused_version_key,
    max(case when state in ('in_process', 'paused') then version_key end) as newest_open_version_key,
    min(cast(due_at as date)) as earliest_due_on,
    max(cast(due_at as date)) as latest_due_on,
    min(commune_code) <> max(commune_code) as has_changed_commune,
    min(source_system) as one_source_system,
    coalesce(min(source_system) <> max(source_system), false) as is_in_both_systems
from {{ ref('int_dossier_version') }}
group by dossier_code
