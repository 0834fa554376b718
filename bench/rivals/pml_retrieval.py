"""pml_retrieval.py ROWS.npy LABELS.npy THREADS: pytorch-metric-learning's measures of retrieval; prints JSON.

Rows are made of length 1; every row is a query among the others. Neighbours are faiss's, called with numpy, since
its own way takes a newer torch.
"""

import json
import sys
import time

import faiss
import numpy
import torch
from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator

rows = torch.nn.functional.normalize(torch.from_numpy(numpy.load(sys.argv[1])))
labels = torch.from_numpy(numpy.load(sys.argv[2])[:, 0]).long()
faiss.omp_set_num_threads(int(sys.argv[3]))
torch.set_num_threads(int(sys.argv[3]))


def nearest(query, k, reference, same):
    index = faiss.IndexFlatIP(reference.shape[1])
    index.add(reference.numpy())
    distances, places = index.search(query.numpy(), k + 1 if same else k)
    first = 1 if same else 0
    return torch.from_numpy(distances[:, first:]), torch.from_numpy(places[:, first:])


calculator = AccuracyCalculator(include=("r_precision", "mean_average_precision_at_r"), k="max_bin_count",
                                device=torch.device("cpu"), knn_func=nearest)
started = time.perf_counter()
measured = calculator.get_accuracy(rows, labels)
print(json.dumps({"s": time.perf_counter() - started} | {name: float(value) for name, value in measured.items()}))
