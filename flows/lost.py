"""Flow runs whose process was killed: Prefect believes that they run for ever, unless told; decides nothing else."""

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed


UNFINISHED = (StateType.PENDING, StateType.RUNNING, StateType.CANCELLING)


def close_lost_runs() -> int:
    """Say of every unfinished flow run that its process was killed; return how many there were.

    For a server of our own that has just started: whatever ran on it before ended with it.
    """
    unfinished = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(UNFINISHED))))
    with get_client(sync_client=True) as client:
        lost = client.read_flow_runs(flow_run_filter=unfinished)
        for run in lost:
            client.set_flow_run_state(run.id, Crashed(message="The process of this run was killed."), force=True)
    return len(lost)
