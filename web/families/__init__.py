"""The list of families, the undetermined and those who left it, with filters and downloads; decides no eligibility."""
