"""Runs, their manifests, verification and replay, and the audit log; changes no run."""
