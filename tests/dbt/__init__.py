"""The dbt project on tiny lakes: published figures, histories, deliveries, lights, absurd worlds."""
