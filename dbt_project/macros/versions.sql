{# Which version of a record is the newest: newest export, then newest delivery, then last change (where the kind has
   one), then last line, packed into one number. The latest version is then a maximum and an equi-join, which a
   window over all versions would cost three times over. #}
{% macro version_key(version_rank, line, updated_at=none) -%}
    cast({{ version_rank }} as decimal(38, 0)) * 1000000000000000000000
    {%- if updated_at %}
    + cast(greatest(coalesce({{ epoch_seconds(updated_at) }}, 0), 0) as decimal(38, 0)) * 1000000000
    {%- endif %}
    + {{ line }}
{%- endmacro %}

{# Whether two values are not the same; nothing is the same as nothing. #}
{% macro differ(one, other) -%}
    coalesce({{ one }} <> {{ other }}, ({{ one }} is null) <> ({{ other }} is null))
{%- endmacro %}
