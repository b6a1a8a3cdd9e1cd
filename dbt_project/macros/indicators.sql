{# The formulas of the indicators: one home for the published marts and for `indicator_between`.

   A measure is a column of `commune_day`. Flows (of what was received, closed, sent) add up over the days of a
   period; stocks are those of its last day. #}

{% macro measures_of(source) -%}
    {{ return({
        'received': [
            'received', 'received_online', 'fee_dossiers', 'fee_dossiers_paid_online', 'components',
            'components_digitised', 'dossiers_digitised', 'dossiers_reused', 'dossiers_vneid', 'dossiers_supplemented',
            'dossiers_due_moved',
        ],
        'closed': [
            'resolved', 'resolved_early', 'resolved_on_time', 'resolved_late', 'resolved_late_with_apology',
            'resolved_with_e_result', 'resolved_digitised_with_e_result', 'resolved_with_known_lag',
            'resolved_updated_late', 'withdrawn_or_refused', 'closed_on_time_portal', 'resolved_in_bulk',
            'resolved_by_jump', 'resolved_returned', 'resolved_returned_before', 'resolved_beyond_a_day',
            'resolved_at_once',
        ],
        'voiced': [
            'petitions_due', 'petitions_on_time', 'petitions_rated', 'petitions_satisfied', 'ratings',
            'ratings_satisfied', 'dossiers_disliked',
        ],
        'sent': ['exports_expected', 'exports_on_time', 'exports_arrived', 'rows_read', 'rows_rejected'],
        'stock': [
            'open_at_end', 'overdue_at_end', 'paused_at_end', 'overdue_with_apology_at_end', 'on_time_portal_at_end',
        ],
        'criteria': ['criteria_green', 'criteria_applying'],
    }[source]) }}
{%- endmacro %}

{% macro flow_measures() -%}
    {{ return(measures_of('received') + measures_of('closed') + measures_of('voiced') + measures_of('sent')) }}
{%- endmacro %}

{# Stocks that are counted day by day; the last one below runs over days. #}
{% macro daily_stock_measures() -%}
    {{ return(measures_of('stock') + measures_of('criteria')) }}
{%- endmacro %}

{% macro stock_measures() -%}
    {{ return(daily_stock_measures() + ['resolved_last_20_working_days']) }}
{%- endmacro %}

{# A new indicator is a line here and a row in each of the two seeds. #}
{% macro indicator_formulas() -%}
    {{ return({
        'on_time_rate': ('resolved_early + resolved_on_time', 'resolved'),
        'on_time_rate_portal': (
            'closed_on_time_portal + on_time_portal_at_end', 'resolved + withdrawn_or_refused + open_at_end'
        ),
        'online_rate': ('received_online', 'received'),
        'online_payment_rate': ('fee_dossiers_paid_online', 'fee_dossiers'),
        'digitised_rate': ('components_digitised', 'components'),
        'digitised_dossier_rate': ('dossiers_digitised', 'received'),
        'e_result_rate': ('resolved_with_e_result', 'resolved'),
        'overdue_open_rate': ('overdue_at_end', 'open_at_end'),
        'working_days_to_clear': ('open_at_end * 20', 'resolved_last_20_working_days'),
        'supplement_rate': ('dossiers_supplemented', 'received'),
        'due_moved_rate': ('dossiers_due_moved', 'received'),
        'late_update_rate': ('resolved_updated_late', 'resolved_with_known_lag'),
        'bulk_closing_rate': ('resolved_in_bulk', 'resolved'),
        'status_jump_rate': ('resolved_by_jump', 'resolved'),
        'returned_before_finish_rate': ('resolved_returned_before', 'resolved_returned'),
        'instant_finish_rate': ('resolved_at_once', 'resolved_beyond_a_day'),
        'apology_rate': (
            'resolved_late_with_apology + overdue_with_apology_at_end', 'resolved_late + overdue_at_end'
        ),
        'petition_on_time_rate': ('petitions_on_time', 'petitions_due'),
        'satisfaction_rate': ('ratings_satisfied', 'ratings'),
        'delivery_rate': ('exports_on_time', 'exports_expected'),
        'rejected_row_rate': ('rows_rejected', 'rows_read'),
        'criteria_green': ('criteria_green', 'criteria_applying'),
    }) }}
{%- endmacro %}

{# One side of every formula, or of those of `codes`, chosen by the indicator of the row. `side` is 0 (numerator) or
   1 (denominator). #}
{% macro indicator_term(side, indicator_code, codes=none) -%}
    {%- set formulas = indicator_formulas() -%}
    case {{ indicator_code }}
        {%- for code in codes or formulas %}
        when '{{ code }}' then {{ formulas[code][side] }}
        {%- endfor %}
    end
{%- endmacro %}

{# Nothing arrived of a commune in the period and nothing is known to have happened in it. #}
{% macro is_silent(measured) -%}
    ({{ measured }}.exports_arrived + {{ measured }}.received + {{ measured }}.resolved
    + {{ measured }}.withdrawn_or_refused + {{ measured }}.open_at_end = 0)
{%- endmacro %}

{% macro quoted_list(codes) -%}
    ('{{ codes | join("', '") }}')
{%- endmacro %}

{# The indicators whose terms are made of `measures` alone. #}
{% macro indicators_made_of(measures) -%}
    {%- set codes = [] -%}
    {%- for code, terms in indicator_formulas().items() -%}
        {%- set found = namespace(elsewhere=false) -%}
        {%- for word in (terms | join(' ')).replace('+', ' ').replace('*', ' ').split() -%}
            {%- if word not in measures and not word.isdigit() -%}
                {%- set found.elsewhere = true -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not found.elsewhere -%}
            {%- do codes.append(code) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(codes) }}
{%- endmacro %}

{# Those whose terms are known by field. #}
{% macro field_indicator_codes() -%}
    {{ return(indicators_made_of(measures_of('received') + measures_of('closed') + measures_of('stock'))) }}
{%- endmacro %}

{# The colour of a value that may be judged. The edge itself belongs to the better colour. #}
{% macro light_of(value, threshold) -%}
    case
        when {{ threshold }}.direction = 'higher' and {{ value }} >= {{ threshold }}.green_from then 'green'
        when {{ threshold }}.direction = 'lower' and {{ value }} <= {{ threshold }}.green_from then 'green'
        when {{ threshold }}.direction = 'higher' and {{ value }} >= {{ threshold }}.yellow_from then 'yellow'
        when {{ threshold }}.direction = 'lower' and {{ value }} <= {{ threshold }}.yellow_from then 'yellow'
        else 'red'
    end
{%- endmacro %}

{# Why a value gets no colour, or null if it gets one. What comes first wins: nothing known, nothing to measure,
   the period too young, the count too small. #}
{% macro grey_reason_of(denominator, is_silent, is_too_early, min_denominator) -%}
    case
        when {{ is_silent }} and coalesce({{ denominator }}, 0) = 0 then 'no_data'
        when coalesce({{ denominator }}, 0) = 0 then 'not_applicable'
        when {{ is_too_early }} then 'too_early'
        when {{ denominator }} < {{ min_denominator }} then 'too_few'
    end
{%- endmacro %}

{# Symbol and word beside the colour, for readers who do not see red from green. #}
{% macro unit_light_label(light) -%}
    case {{ light }}
        when 'green' then '● Xanh' when 'yellow' then '▲ Vàng' when 'red' then '■ Đỏ' else '– Chưa xếp màu'
    end
{%- endmacro %}

{# The same of one indicator, which says why it is grey. #}
{% macro light_label(light, grey_reason) -%}
    case
        when {{ light }} in ('green', 'yellow', 'red') then {{ unit_light_label(light) }}
        else case {{ grey_reason }}
            when 'no_data' then '– Chưa có số liệu'
            when 'not_applicable' then '– Không phát sinh'
            when 'too_early' then '– Kỳ mới bắt đầu'
            else '– Chưa đủ số liệu'
        end
    end
{%- endmacro %}
