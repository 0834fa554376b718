#include "alike/actions/index.h"

#include "alike/actions/skipped.h"

namespace alike::actions {

json::object brief_json(const collection::IngestSummary& summary) {
  return {{"space", summary.space},
          {"added", summary.added},
          {"updated", summary.updated},
          {"removed", summary.removed},
          {"unchanged", summary.unchanged},
          {"skipped", summary.skipped.size()},
          {"missing", summary.missing},
          {"away", summary.away},
          {"left_out", summary.left_out},
          {"seconds", summary.seconds},
          {"images_per_second", summary.images_per_second}};
}

json::object to_json(const collection::IngestSummary& summary,
                     const std::filesystem::path& folder) {
  json::object document = brief_json(summary);
  document["skipped"] = to_json(summary.skipped);
  document["noted"] = to_json(summary.noted);
  document["embedded"] = summary.embedded;
  document["ignored"] = summary.ignored;
  document["index"] = json::object{{"coded", summary.index.made},
                                   {"linked", summary.index.linked},
                                   {"removed", summary.index.removed}};
  document["collection"] = json_text(folder.native());
  return document;
}

}  // namespace alike::actions
