{# Which version of a record is the newest, packed into one number: newest export, then newest arrival, then last change
   (where the kind has one), then the later of deliveries that came together, then the last row. The latest version is
   then a maximum and an equi-join, which a window over all versions would cost three times over. No two rows share a
   key, whatever their files hold: delivery and position are one row of the lake. Digits from the right: 9 for the
   position, 5 for deliveries that came together, 11 for seconds (to the year 5138), the rest for arrivals. #}
{% macro version_key(delivery, version, updated_at=none) -%}
    cast({{ delivery }}.arrival_rank as decimal(38, 0)) * 10000000000000000000000000
    {%- if updated_at %}
    + cast(least(greatest(coalesce({{ epoch_seconds(updated_at) }}, 0), 0), 99999999999) as decimal(38, 0))
    * 100000000000000
    {%- endif %}
    + cast({{ delivery }}.version_rank - {{ delivery }}.arrival_rank as decimal(38, 0)) * 1000000000
    + {{ version }}.position
{%- endmacro %}

{# Whether two values are not the same; nothing is the same as nothing. #}
{% macro differ(one, other) -%}
    coalesce({{ one }} <> {{ other }}, ({{ one }} is null) <> ({{ other }} is null))
{%- endmacro %}
