"""What a council may set about reviewing; decides the defaults."""

import pydantic


class ReviewSettings(pydantic.BaseModel):
    """How many questions of all are put to a second person, to see how far two people agree."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")

    second_share: float = pydantic.Field(default=0.05, ge=0, le=1)
