"""Orders and hashes texts as whole arrays; knows no meaning."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


GOLDEN = np.uint64(0x9E3779B97F4A7C15)
SILVER = np.uint64(0xBF58476D1CE4E5B9)
NO_TEXT = np.uint64(1)
EIGHT = 8
MASKS = np.array([0, *(((1 << 8 * size) - 1) << 8 * (EIGHT - size) for size in range(1, EIGHT + 1))], dtype=np.uint64)


class Bytes:
    """Texts laid out so that any eight bytes of each can be taken as one number that orders as they do."""

    def __init__(self, texts: pa.Array) -> None:
        _, offsets, data = texts.buffers()
        starts = np.frombuffer(offsets, np.int32) if len(texts) else np.zeros(1, np.int32)
        self.offsets = starts[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
        held = np.zeros((data.size if data is not None else 0) + EIGHT, np.uint8)
        if data is not None:
            held[:-EIGHT] = np.frombuffer(data, np.uint8)
        self.eights = np.ndarray(len(held) - EIGHT + 1, dtype=">u8", buffer=held.data, strides=(1,))

    def take(self, rows: np.ndarray, place: int) -> np.ndarray:
        """Of the texts at `rows`, the eight bytes number `place`; beyond their end, noughts."""
        start = np.minimum(self.offsets[rows] + EIGHT * place, self.offsets[rows + 1])
        left = np.minimum(self.offsets[rows + 1] - start, EIGHT)
        return self.eights[start].astype(np.uint64) & MASKS[left]


def first_texts(group: np.ndarray, codes: np.ndarray, texts: pa.Array, size: int) -> np.ndarray:
    """For each of `size` groups the row whose text comes first; groups of several texts must have them all."""
    found = np.empty(size, dtype=np.int64)
    found[group] = np.arange(len(group))
    rows = np.flatnonzero(codes != codes[found][group])
    several = np.zeros(size, dtype=bool)
    several[group[rows]] = True
    rows = np.flatnonzero(several[group])
    rows = rows[np.argsort(group[rows], kind="stable")]
    layout, place = Bytes(texts), 0
    while len(rows):
        eight = layout.take(codes[rows], place)
        starts, sizes = _runs(group[rows])
        rows = rows[eight == np.repeat(np.minimum.reduceat(eight, starts), sizes)]
        starts, sizes = _runs(group[rows])
        found[group[rows[starts]]] = rows[starts]
        lowest, highest = (extreme.reduceat(codes[rows], starts) for extreme in (np.minimum, np.maximum))
        rows, place = rows[np.repeat(lowest != highest, sizes)], place + 1
    return found


def _runs(group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each run of the same number starts, and how long it is."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    return starts, np.diff(np.append(starts, len(group)))


def hash_texts(texts: pa.Array) -> np.ndarray:
    """A 64-bit hash of each text, the same in every run and on every machine."""
    layout = Bytes(texts)
    size = np.diff(layout.offsets)
    total, rows = mix(size.astype(np.uint64) + GOLDEN), np.arange(len(texts))
    for place in range(-(-int(size.max(initial=0)) // EIGHT)):
        rows = rows[size[rows] > EIGHT * place]
        total[rows] = mix(total[rows] ^ layout.take(rows, place))
    return total


def mix(numbers: np.ndarray) -> np.ndarray:
    """Numbers scattered over 64 bits, no two to one."""
    mixed = (numbers ^ (numbers >> np.uint64(32))) * GOLDEN
    mixed = (mixed ^ (mixed >> np.uint64(29))) * SILVER
    return mixed ^ (mixed >> np.uint64(32))


def rank_texts(texts: pa.Array) -> tuple[np.ndarray, bool]:
    """Each text's place in their order; and whether all are there and no two are the same."""
    rank = np.arange(len(texts), dtype=np.int32)
    if texts.null_count or not pc.all(pc.less(texts[:-1], texts[1:])).as_py():
        order = pc.sort_indices(texts).to_numpy()
        rank[order], texts = rank.copy(), texts.take(pa.array(order))
    alike = pc.any(pc.equal(texts[:-1], texts[1:])).as_py()
    return rank, not texts.null_count and not alike


def sort_pairs(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The order by `first`, then `second`; quick where few rows share their `first`."""
    order = np.argsort(first)
    same = np.flatnonzero(first[order][1:] == first[order][:-1])
    shared = np.zeros(len(order), dtype=bool)
    shared[same] = shared[same + 1] = True
    rows = order[shared]
    order[shared] = rows[np.lexsort((second[rows], first[rows]))]
    return order
