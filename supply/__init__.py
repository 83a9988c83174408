"""What Data Wash is built of: the pinned packages, held against advisories and their licences, without a network."""
