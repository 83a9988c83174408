"""The `datawash` command: parses arguments, shows progress, maps errors to exit codes; decides nothing about data."""
