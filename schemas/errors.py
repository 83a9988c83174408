"""Errors whose text is for the person at the keyboard; decides each kind's exit code, never shows a row's value."""


class DataWashError(Exception):
    """Root of every error that a user can mend. The text says which file, which row, which rule, and what to do.

    `exit_code` is what the command returns; 1 is kept for bugs.
    """

    exit_code = 1


class UsageError(DataWashError):
    """The command was called in a way that makes no sense."""

    exit_code = 2


class SettingsError(DataWashError):
    """A settings file says something that is not understood."""

    exit_code = 3


class ExtractRefusedError(DataWashError):
    """An extract is missing, unreadable, or breaks too many rules."""

    exit_code = 4


class LockedError(DataWashError):
    """Another wash is using the outputs folder."""

    exit_code = 5


class StorageError(DataWashError):
    """The disk is full, or a folder cannot be read or written."""

    exit_code = 6


class IntegrityError(DataWashError):
    """A published file is not what its manifest says."""

    exit_code = 7


class ReplayDiffersError(DataWashError):
    """A replay did not give the same tables."""

    exit_code = 8


class ClusterError(DataWashError):
    """The machines that `[cluster]` names cannot be reached, are not set up alike, or are gone."""

    exit_code = 9
