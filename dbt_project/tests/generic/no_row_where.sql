{# Rows for which a sentence in SQL, that must never be true, is true. #}
{% test no_row_where(model, wrong) %}
select *
from {{ model }}
where {{ wrong }}
{% endtest %}
