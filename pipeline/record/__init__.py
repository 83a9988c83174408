"""The memory: the run folder, its tables, digests, manifest, audit log; decides nothing about people or families."""
