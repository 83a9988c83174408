"""The door: how extracts come in, are archived, mapped, parsed and checked; decides nothing about people."""
