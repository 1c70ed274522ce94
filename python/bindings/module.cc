// The Python module, as a table of contents.
#include "register.h"

PYBIND11_MODULE(_core, module) {
  module.doc() = "The C++ core of wirecopy. Not a public interface: use the wirecopy package.";
  module.attr("__version__") = WIRECOPY_VERSION;
  register_errors(module);
  register_columns(module);
  register_table(module);
  register_copies(module);
  register_dedup(module);
  register_evidence(module);
  register_parts(module);
  register_archive(module);
  register_passages(module);
  register_furniture(module);
  register_tokens(module);
  register_counts(module);
  register_keywords(module);
  register_kwic(module);
  register_keyphrases(module);
  register_statistics(module);
  register_collocations(module);
  register_normalize(module);
  register_info(module);
}
