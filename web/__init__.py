"""Pages for coordinators, reviewers and auditors, over published runs; changes no run."""
