"""What several test folders build their data with. No tests here, and nothing that only one folder needs."""
