"""A family and a person, with the evidence and what holds them together; decides nothing about them."""
