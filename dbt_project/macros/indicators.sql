{# What the indicators are made of: one home for the published marts and for `indicator_between`.

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

{# What every indicator is made of: the measures that add up to its two terms. `times` multiplies the numerator. A new
   indicator is a line here and a row in each of the two seeds. #}
{% macro indicator_terms() -%}
    {{ return({
        'on_time_rate': {'numerator': ['resolved_early', 'resolved_on_time'], 'denominator': ['resolved']},
        'on_time_rate_portal': {
            'numerator': ['closed_on_time_portal', 'on_time_portal_at_end'],
            'denominator': ['resolved', 'withdrawn_or_refused', 'open_at_end'],
        },
        'online_rate': {'numerator': ['received_online'], 'denominator': ['received']},
        'online_payment_rate': {'numerator': ['fee_dossiers_paid_online'], 'denominator': ['fee_dossiers']},
        'digitised_rate': {'numerator': ['components_digitised'], 'denominator': ['components']},
        'digitised_dossier_rate': {'numerator': ['dossiers_digitised'], 'denominator': ['received']},
        'e_result_rate': {'numerator': ['resolved_with_e_result'], 'denominator': ['resolved']},
        'overdue_open_rate': {'numerator': ['overdue_at_end'], 'denominator': ['open_at_end']},
        'working_days_to_clear': {
            'numerator': ['open_at_end'], 'times': 20, 'denominator': ['resolved_last_20_working_days']
        },
        'supplement_rate': {'numerator': ['dossiers_supplemented'], 'denominator': ['received']},
        'due_moved_rate': {'numerator': ['dossiers_due_moved'], 'denominator': ['received']},
        'late_update_rate': {'numerator': ['resolved_updated_late'], 'denominator': ['resolved_with_known_lag']},
        'bulk_closing_rate': {'numerator': ['resolved_in_bulk'], 'denominator': ['resolved']},
        'status_jump_rate': {'numerator': ['resolved_by_jump'], 'denominator': ['resolved']},
        'returned_before_finish_rate': {
            'numerator': ['resolved_returned_before'], 'denominator': ['resolved_returned']
        },
        'instant_finish_rate': {'numerator': ['resolved_at_once'], 'denominator': ['resolved_beyond_a_day']},
        'apology_rate': {
            'numerator': ['resolved_late_with_apology', 'overdue_with_apology_at_end'],
            'denominator': ['resolved_late', 'overdue_at_end'],
        },
        'petition_on_time_rate': {'numerator': ['petitions_on_time'], 'denominator': ['petitions_due']},
        'satisfaction_rate': {'numerator': ['ratings_satisfied'], 'denominator': ['ratings']},
        'delivery_rate': {'numerator': ['exports_on_time'], 'denominator': ['exports_expected']},
        'rejected_row_rate': {'numerator': ['rows_rejected'], 'denominator': ['rows_read']},
        'criteria_green': {'numerator': ['criteria_green'], 'denominator': ['criteria_applying']},
    }) }}
{%- endmacro %}

{# The numerator or the denominator of every indicator, or of those of `codes`, chosen by the indicator of the row. #}
{% macro indicator_term(term, indicator_code, codes=none) -%}
    {%- set terms = indicator_terms() -%}
    case {{ indicator_code }}
        {%- for code in codes or terms %}
        when '{{ code }}'
            then {{ terms[code][term] | join(' + ') }}{{ ' * ' ~ terms[code]['times'] if term == 'numerator' and terms[code]['times'] }}
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
    {%- for code, terms in indicator_terms().items() -%}
        {%- if (terms['numerator'] + terms['denominator']) | reject('in', measures) | list == [] -%}
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
