"""Tests of the sample province: what it writes, whether it is realistic, and whether its truth is true."""
