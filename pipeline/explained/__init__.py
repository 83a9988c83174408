"""What a published run holds of a family or a person, gathered for whoever shows it; words belong to who shows them."""
