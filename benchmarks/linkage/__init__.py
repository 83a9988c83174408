"""People and households of `linkage.link` beside Splink's, on the same records in the same run."""
