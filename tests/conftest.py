"""What holds for every test: none of them is timed, since a machine that others use takes as long as it takes."""

from hypothesis import settings


settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
