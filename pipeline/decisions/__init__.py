"""Decisions about records, kept for the next wash: who said what, when, and what of it stands; links nothing."""
