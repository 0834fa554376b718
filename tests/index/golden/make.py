"""Makes the faiss files of this folder, and beside each the rows that faiss itself gives for it.

Needs the wheels faiss-cpu and numpy (those here were made with faiss-cpu 1.15.1):

    python3 make.py              makes all of them anew
    python3 make.py --read FILE  prints the rows that faiss reads from a file, such as one that alike exported
"""

import pathlib
import sys

import faiss
import numpy

HERE = pathlib.Path(__file__).resolve().parent
N, WIDTH = 20, 6
IDS = numpy.array([(7 * i % N) * 10 + 3 for i in range(N)])  # 3, 13, 23, … in another order
L2, IP = faiss.METRIC_L2, faiss.METRIC_INNER_PRODUCT


def rows(n, width, seed=1):
    return numpy.random.default_rng(seed).standard_normal((n, width)).astype("float32")


def built(factory, metric=L2, width=WIDTH, train=N):
    index = faiss.index_factory(width, factory, metric)
    index.train(rows(train, width))
    return index


def keep(name, index, expected=None):
    faiss.write_index(index, str(HERE / f"{name}.faiss"))
    if expected is not None:
        numpy.save(HERE / f"{name}.npy", numpy.ascontiguousarray(expected, "float32"))


def added(name, factory, metric=L2, width=WIDTH, train=N):
    """Rows as they were added; those that faiss makes of them are expected."""
    index = built(factory, metric, width, train)
    index.add(rows(N, width))
    keep(name, index, index.reconstruct_n(0, N))


def with_ids(name, factory, metric=L2, direct_map=None):
    """Rows with ids of their own; they are expected in the order of these."""
    index = built(factory, metric, train=300 if "IVF256" in factory else N)
    index.add_with_ids(rows(N, WIDTH), IDS)
    inner = index.index if factory.startswith("IDMap") else None
    made = rows(N, WIDTH) if inner is None else inner.reconstruct_n(0, N)
    if direct_map is not None:
        index.set_direct_map_type(direct_map)
    keep(name, index, made[numpy.argsort(IDS)])


def make():
    added("flat_l2", "Flat")
    added("flat_ip", "Flat", IP)
    added("hnsw", "HNSW3,Flat")
    added("hnsw_ip", "HNSW3,Flat", IP)
    added("pq_8_bits", "PQ2x8", width=4, train=256)
    added("pq_5_bits", "PQ3x5", train=40)
    with_ids("id_map", "IDMap,Flat", IP)
    with_ids("id_map2", "IDMap2,Flat")
    with_ids("id_map_hnsw", "IDMap,HNSW3,Flat")
    with_ids("id_map2_pq", "IDMap2,PQ2x3")
    with_ids("ivf", "IVF3,Flat")
    with_ids("ivf_ip", "IVF3,Flat", IP)
    with_ids("ivf_by_id", "IVF3,Flat", direct_map=faiss.DirectMap.Hashtable)
    with_ids("ivf_of_hnsw", "IVF3_HNSW2,Flat")
    with_ids("ivf_sparse", "IVF256,Flat")
    index = built("IVF3,Flat")
    index.add(rows(N, WIDTH))
    index.make_direct_map()
    keep("ivf_by_position", index, index.reconstruct_n(0, N))
    keep("empty", faiss.IndexFlatL2(WIDTH), rows(0, WIDTH))
    for name, factory in [("other_sq", "SQ8"), ("other_pca", "PCA2,Flat"), ("other_ivf_sq", "IVF3,SQ8")]:
        index = built(factory)
        index.add(rows(N, WIDTH))
        keep(name, index)
    other = faiss.IndexFlat(WIDTH, faiss.METRIC_L1)
    other.add(rows(N, WIDTH))
    keep("other_l1", other)


def read(path):
    index = faiss.read_index(path)
    metric = {L2: "l2", IP: "ip"}[index.metric_type]
    found = index.search(index.reconstruct_n(0, index.ntotal), 1)[1][:, 0]
    print(type(index).__name__, metric, index.ntotal, "rows of", index.d, "numbers;",
          int((found == numpy.arange(index.ntotal)).sum()), "of them find themselves first")
    beside = pathlib.Path(path).with_suffix(".npy")
    if beside.exists():
        same = numpy.array_equal(index.reconstruct_n(0, index.ntotal), numpy.load(beside))
        print("the same to the last bit as", beside.name if same else f"NOT {beside.name}")


if __name__ == "__main__":
    read(sys.argv[2]) if sys.argv[1:2] == ["--read"] else make()
