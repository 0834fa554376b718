"""Makes the faiss files of this folder, and beside each the rows that faiss itself gives for it.

Needs the wheels faiss-cpu and numpy (those here were made with faiss-cpu 1.15.1):

    python3 make.py              makes all of them anew
    python3 make.py --read FILE  prints the rows that faiss reads from a file, such as one that alike exported
    python3 make.py --way-out    tries the way out that alike prints on kinds that it does not read
"""

import pathlib
import subprocess
import sys
import tempfile

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
    made = rows(N, WIDTH) if inner is None or "IVF" in factory else inner.reconstruct_n(0, N)
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
    with_ids("id_map_ivf", "IDMap,IVF3,Flat")
    with_ids("id_map2_ivf", "IDMap2,IVF3,Flat")
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


REFUSED = """SQ8 SQfp16 IVF4,SQ8 IVF4,PQ4 PQ4x4fs IVF4,RQ2x4 RQ2x4 LSQ2x4 LSH RaBitQ IVF4,RaBitQ PCA8,Flat
    PCA8,IVF4,Flat OPQ4,IVF4,PQ4 L2norm,Flat HNSW8_SQ8 HNSW8_PQ4 IVF4_HNSW8,SQ8 NSG8,Flat IMI2x2,Flat
    IVF4,Flat,RFlat Flat,RFlat PQ4,RFlat IVF4,Flat,Refine(SQ8) IDMap,SQ8 IDMap2,SQ8 IDMap,IVF4,SQ8 IDMap2,IVF4,PQ4
    IDMap,HNSW8_SQ8 IDMap2,PCA8,IVF4,Flat""".split()


def way_out(factory, work):
    index = built(factory, width=16, train=400)
    some = rows(120, 16)  # NSG takes no fewer than 100
    index.add_with_ids(some, 10 * numpy.arange(120) + 3) if factory.startswith("IDMap") else index.add(some)
    faiss.write_index(index, f"{work}/index.faiss")
    index = faiss.read_index(f"{work}/index.faiss")
    # Here begins what alike prints.
    i = faiss.downcast_index(index.index) if hasattr(index, "id_map") else index
    ivf = faiss.try_extract_index_ivf(i)
    ivf and ivf.make_direct_map()
    numpy.save(f"{work}/x.npy", i.reconstruct_n(0, i.ntotal))
    # Here it ends.
    far = numpy.linalg.norm(numpy.load(f"{work}/x.npy") - some) / numpy.linalg.norm(some)
    print(f"{factory}: rows as far from those added as {far:.2f} of their length")


def try_ways_out():
    for factory in REFUSED:  # apart, since some end the process on some processors
        with tempfile.TemporaryDirectory() as work:
            done = subprocess.run([sys.executable, __file__, "--way-out", factory, work], stderr=subprocess.PIPE, text=True)
            if done.returncode != 0:
                print(f"{factory}: {done.stderr.strip().splitlines()[-1:]}, exit {done.returncode}")


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
    match sys.argv[1:]:
        case ["--read", path]:
            read(path)
        case ["--way-out", factory, work]:
            way_out(factory, work)
        case ["--way-out"]:
            try_ways_out()
        case []:
            make()
