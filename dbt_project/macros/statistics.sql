{# Statistics of counts, where the formula is more than a function of SQL. #}

{# What is to be summed up or averaged, exactly: a sum of doubles depends on the order in which threads hand them in, and
   differs in its last digits from one build to the next; one of decimals does not. #}
{% macro summable(value) -%}
    cast({{ value }} as decimal(38, 15))
{%- endmacro %}

{# An edge of the 95 % score interval (Wilson) of a share; `side` is -1 (low) or 1 (high). Unlike the usual
   interval it stays inside 0-1 and has a width where all or none hold. #}
{% macro wilson_bound(numerator, denominator, side) -%}
    {%- set z = 1.959964 -%}
    {%- set x = "least(" ~ numerator ~ ", " ~ denominator ~ ")" -%}
    ({{ x }} + {{ z * z / 2 }} + ({{ side * z }}) * sqrt(
        cast({{ x }} as double) * ({{ denominator }} - {{ x }}) / {{ denominator }} + {{ z * z / 4 }}
    )) / ({{ denominator }} + {{ z * z }})
{%- endmacro %}

{# The noise of one count: what the spread of a value would be, times the square root of its denominator, if every
   dossier went its own way. Of a share that is the binomial, of another ratio of counts the Poisson spread. #}
{% macro spread_of_counts(centre, unit) -%}
    sqrt(case {{ unit }} when 'share' then {{ centre }} * (1 - {{ centre }}) else {{ centre }} end)
{%- endmacro %}

{# A quantile of the communes of a group, or nothing where they are too few to hide one behind the others. #}
{% macro quantile_of_peers(value, share) -%}
    case
        when count({{ value }}) >= {{ var('least_peers') }}
            then percentile_cont({{ share }}) within group (order by {{ value }})
    end
{%- endmacro %}
