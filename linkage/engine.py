"""The eight steps of linkage in their order: standardise, block, compare, weigh, resolve, households, ids, explain."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd

from linkage.blocking import BlockingIndex, blocking_keys
from linkage.clustering import Limits, resolve
from linkage.cohesion import measure_cohesion
from linkage.comparison import comparable, make_compare
from linkage.extra import lay_out
from linkage.extra_training import Ground, with_extra_columns
from linkage.households import form_households
from linkage.identities import identify
from linkage.identity import Previous, carry_identity
from linkage.judgements import standardise_judged
from linkage.links import Weigher, add_judged
from linkage.memory import give_back, share_allocator
from linkage.outcomes import count_outcomes, hold_judged, judged_homes, overruled
from linkage.people import describe_people, hashes_of_nodes, list_mentions
from linkage.priors import estimate_prior
from linkage.results import LinkResult
from linkage.scoring import Scorer, score_blocks
from linkage.second_look import look_again, origins
from linkage.settings import LinkageSettings
from linkage.standardise import NAME_FIELDS, Standardised
from linkage.tables import Grounds, People, explain_pairs, write_result
from linkage.training import recall, train


FAR_BELOW_EVEN = 10.0
FINE = (*NAME_FIELDS, "date_of_birth", "sex", "place", "upn", "nino")


def run_link(
    records: pd.DataFrame,
    settings: LinkageSettings,
    judgements: pd.DataFrame | None,
    previous: Previous | None,
    map: Callable[..., Iterable[Any]] | None,  # noqa: A002
) -> LinkResult:
    """Link `records`; the contract is `linkage.link`'s."""
    share_allocator()
    people, grounds = resolve_people(records, settings, judgements, map)
    people, homes = with_homes(people)
    give_back()
    standardised, as_of, person_of = grounds.standardised, grounds.weigher.as_of, people.of_record
    with ThreadPoolExecutor(1) as pool:
        explained = pool.submit(explain_pairs, people, grounds)
        identities = pool.submit(_identify, standardised, people.person)
        described = describe_people(standardised, person_of, int(people.person.max(initial=-1)) + 1)
        described["cohesion"] = measure_cohesion(grounds.links, people.person, len(described))
        mentions = list_mentions(standardised, person_of)
        del grounds, standardised  # the most of what is held here, and done with once it is explained
        persons = described[["date_of_birth", "sex"]]
        households = form_households(mentions, persons, settings.households, as_of=as_of, decided=homes)
    del mentions
    give_back()
    carried = carry_identity(identities.result(), households, previous)
    return write_result(people, described, households, carried, explained.result())


def resolve_people(
    records: pd.DataFrame,
    settings: LinkageSettings,
    judgements: pd.DataFrame | None,
    map: Callable[..., Iterable[Any]] | None,  # noqa: A002
) -> tuple[People, Grounds]:
    """Steps one to five: who is who, and why."""
    standardised, decided = standardise_judged(records, judgements, settings)
    give_back()
    keys, nodes, compare = (
        blocking_keys(standardised),
        comparable(standardised),
        make_compare(standardised, settings.likeness),
    )
    extra = lay_out(records, standardised.node, settings.extra, settings.likeness)
    keys = keys.assign(**{name: values.codes for name, values in extra.items()}) if extra else keys
    index = BlockingIndex(settings.rules)
    blocks = index.block(keys)
    repeated = np.bincount(standardised.node[standardised.node >= 0], minlength=len(nodes)) > 1
    trained = (
        recall(settings.model, nodes) if settings.model else train(nodes, keys, compare, settings, repeated=repeated)
    )
    trained = with_extra_columns(trained, extra, Ground(nodes, keys, compare), settings) if extra else trained
    least = -float(np.log2(trained.parameters.prior_match)) - FAR_BELOW_EVEN
    scored = score_blocks(Scorer(blocks, nodes, compare, trained, least=least), blocks.parts(settings.chunk_pairs), map)
    del blocks, keys  # the largest of what is held here, and done with
    parameters = estimate_prior(scored.scores, scored.patterns, trained.parameters, nodes, int(repeated.sum()))
    weigher = Weigher(nodes, compare, trained, parameters, decided, as_of_date(settings, standardised))
    scored = add_judged(scored, weigher)
    links = weigher.links(scored)
    limits = Limits(_bits(settings.accept), _bits(settings.bridge))
    first = resolve(len(nodes), links, limits, weigher.relate)
    scored, links, resolved, gained = look_again(
        scored, links, first, weigher=weigher, origin=origins(standardised), limits=limits
    )
    resolved = resolved._replace(person=hold_judged(resolved.person, decided))
    notes = overruled(weigher)
    counts = standardised.counts | trained.counts | index.counts | resolved.counts
    counts |= {"candidate_pairs": scored.candidates, "people": int(resolved.person.max(initial=-1)) + 1}
    counts |= count_outcomes(decided, notes)
    kept, node = standardised.records, standardised.node
    people = People(records, kept, node, resolved.person, decided, settings, counts, notes)
    return people, Grounds(standardised, weigher, scored, links, gained, resolved, limits)


def with_homes(people: People) -> tuple[People, pd.DataFrame]:
    """What was decided of people's homes, in terms of people; and `people` with a note on what cannot be held."""
    homes, notes = judged_homes(people.decided, people.person)
    counts = people.counts | {"judgements_set_aside": len(notes)}
    return people._replace(counts=counts, notes=people.notes | notes), homes


def _identify(standardised: Standardised, person: np.ndarray) -> pd.DataFrame:
    give_back()
    identities = identify(hashes_of_nodes(standardised), person, FINE)
    give_back()
    return identities


def as_of_date(settings: LinkageSettings, standardised: Standardised) -> pd.Timestamp:
    """The day that the result is of: as set, else the latest day on which anybody was seen."""
    if settings.as_of is not None:
        return pd.Timestamp(settings.as_of)
    latest = standardised.records["observed_on"].max()
    return pd.Timestamp("2013-09-01") if pd.isna(latest) else latest.normalize()


def _bits(probability: float) -> float:
    return float(np.log2(probability / (1 - probability)))
