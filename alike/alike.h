// The whole library, in the order a picture passes through it.
//
//   bytes ─ image ─▶ pixels ─ encode ─▶ embeddings ─ index ─▶ neighbours ─ search ─▶ ranked results
//                                            └── collection: the files on disk ─────┘
//                                                             ├─ map ─▶ points in the plane
//                                                             └─ judge ─▶ measures
//
// Three lines search a folder (examples/search_folder.cpp does it):
//
//   collection::Collection pictures("/home/me/Pictures/.alike");
//   search::Searcher searcher(std::make_shared<collection::Collection>(std::move(pictures)));
//   for (const auto& result : searcher.search({.examples =
//   {search::parse_example("a.jpg")}}).results) …
//
// Vectors of one's own are searched by an `index::LiveIndex` (examples/own_vectors.cpp).
//
// Matrices are row-major float32. Smaller distances are nearer, always. Everything that goes wrong
// is one `alike::Error` with a code. The library never prints and never exits.
#pragma once

#include "alike/base/error.h"
#include "alike/base/matrix.h"
#include "alike/base/version.h"
#include "alike/collection/care/care.h"
#include "alike/collection/collection.h"
#include "alike/collection/export.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/encode/get/get_package.h"
#include "alike/encode/run/embedding.h"
#include "alike/image/decode.h"
#include "alike/image/isolated/decode_worker.h"
#include "alike/image/isolated/isolated_decoder.h"
#include "alike/image/resize.h"
#include "alike/index/faiss/faiss_file.h"
#include "alike/index/live/live_index.h"
#include "alike/judge/judge.h"
#include "alike/judge/judged_rows.h"
#include "alike/map/keep/kept_map.h"
#include "alike/map/map_update.h"
#include "alike/map/space_map.h"
#include "alike/search/searcher.h"
