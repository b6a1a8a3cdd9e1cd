{# The 766 score: what an indicator is made of, and what its ratio is worth. Maxima, thresholds and what a
   denominator of 0 gives stand in the seeds `score_*`. #}

{# Points for a ratio: all of them from `full_from` on, below in proportion, so that 1 is the plain linear rule.
   A count below 0 is worth nothing; what is not known, not finite or not possible has no points, which is not 0. #}
{% macro points_for(max_points, full_from, zero_policy, numerator, denominator) -%}
    case
        when {{ denominator }} = 0
            then case {{ zero_policy }} when 'full' then {{ max_points }} when 'zero' then 0.0 end
        when
            {{ denominator }} > 0
            and {{ denominator }} < cast('infinity' as double)
            and {{ numerator }} < cast('infinity' as double)
            then {{ max_points }} * least(1.0, greatest(0.0, {{ numerator }}) / {{ denominator }} / {{ full_from }})
    end
{%- endmacro %}

{# What the ratios of a profile that the exports tell are made of, as in `indicator_terms`; `less` is taken off the
   numerator, down to 0. Where an indicator of ours is the same thing, it is that one. The portal divides by what was
   received or in process, as in 2.1. #}
{% macro score_terms() -%}
    {%- set ours = indicator_terms() -%}
    {%- set portal = ours['on_time_rate_portal'] -%}
    {{ return({
        '2.1': portal,
        '3.3': ours['online_rate'],
        '3.6': ours['online_payment_rate'],
        '4.1': {'numerator': ['resolved_with_e_result'], 'denominator': portal['denominator']},
        '4.2': {'numerator': ['resolved_digitised_with_e_result'], 'denominator': portal['denominator']},
        '4.3': {'numerator': ['dossiers_reused'], 'denominator': ['received']},
        '4.5b': {'numerator': ['dossiers_vneid'], 'denominator': ['received']},
        '5.2': ours['petition_on_time_rate'],
        '5.3': {'numerator': ['petitions_satisfied'], 'denominator': ['petitions_rated']},
        '5.4': {
            'numerator': portal['numerator'], 'less': ['dossiers_disliked'], 'denominator': portal['denominator']
        },
    }) }}
{%- endmacro %}

{# What only petitions and ratings tell: without any such export, none is not the same as none known. #}
{% macro needs_petitions(indicator_code) -%}
    {{ indicator_code }} in ('5.2', '5.3', '5.4')
{%- endmacro %}

{# What petitions alone cost: all points without any, few after one. #}
{% macro is_of_petitions(indicator_code) -%}
    {{ indicator_code }} in ('5.2', '5.3')
{%- endmacro %}

{# The numerator or the denominator of every ratio, chosen by the indicator of the row. #}
{% macro score_term(term, indicator_code) -%}
    case {{ indicator_code }}
        {%- for code, terms in score_terms().items() %}
        when '{{ code }}'
            then {% if term == 'numerator' and terms['less'] -%}
                greatest(0, {{ terms[term] | join(' + ') }} - ({{ terms['less'] | join(' + ') }}))
            {%- else -%}
                {{ terms[term] | join(' + ') }}
            {%- endif %}
        {%- endfor %}
    end
{%- endmacro %}

{% macro computed_score_codes() -%}
    {{ quoted_list(score_terms()) }}
{%- endmacro %}

{# The groups, in the order of the portal: each is a column of `commune_score`. #}
{% macro score_groups() -%}
    {{ return(['transparency', 'timeliness', 'online', 'payment', 'digitisation', 'satisfaction']) }}
{%- endmacro %}

{# The score in words, from the columns of `commune_score`: where it stands, what cost most, what is not known. #}
{% macro score_explanation() -%}
    case
        when score_total is null then 'Chưa có số liệu của xã trong kỳ nên chưa chấm điểm.'
        else concat(
            {{ vietnamese_number('score_total', 2) }},
            case
                when points_unknown > 0
                    then concat('/', {{ vietnamese_number('100 - points_unknown', 2) }}, ' điểm tính được')
                else concat(' điểm, xếp loại ', band_name)
            end,
            ', hạng ', rank, '/', communes_ranked,
            case
                when rank_change > 0 then concat(', tăng ', rank_change, ' bậc so với kỳ trước')
                when rank_change < 0 then concat(', giảm ', -rank_change, ' bậc so với kỳ trước')
                when rank_change = 0 then ', giữ nguyên hạng của kỳ trước'
                else ''
            end, '.',
            case
                when points_lost_most is null then ''
                else concat(
                    ' Mất nhiều nhất ở ', points_lost_most, ' ', points_lost_most_name, ': được ',
                    {{ vietnamese_number('lost_points', 2) }}, '/', {{ vietnamese_number('lost_max_points', 0) }},
                    ' điểm (',
                    case
                        when lost_denominator = 0 then 'không phát sinh'
                        else concat(
                            {{ vietnamese_number('lost_numerator', 0) }}, ' trên ',
                            {{ vietnamese_number('lost_denominator', 0) }}
                        )
                    end, ').'
                )
            end,
            case
                when points_lost_to_petitions > 0
                    then concat(
                        ' Phản ánh, kiến nghị làm mất ', {{ vietnamese_number('points_lost_to_petitions', 2) }},
                        ' điểm.'
                    )
                else ''
            end,
            case
                when points_unknown > 0
                    then concat(
                        ' Chưa có số liệu cho ', {{ vietnamese_number('points_unknown', 2) }}, ' điểm (',
                        unknown_indicators, '): điểm đủ có thể từ ', {{ vietnamese_number('score_total', 2) }}, ' đến ',
                        {{ vietnamese_number('score_total + points_unknown', 2) }}, ', xếp loại ', band_name,
                        case
                            when band_at_most <> band then concat(' đến ', band_at_most_name)
                            else ''
                        end, '.'
                    )
                else ''
            end
        )
    end
{%- endmacro %}
