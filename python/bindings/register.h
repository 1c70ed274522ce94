// The table of contents of the Python module: one function a file.
#pragma once

#include <pybind11/pybind11.h>

void register_errors(pybind11::module_& module);
void register_columns(pybind11::module_& module);
void register_table(pybind11::module_& module);
void register_copies(pybind11::module_& module);
void register_dedup(pybind11::module_& module);
void register_evidence(pybind11::module_& module);
void register_parts(pybind11::module_& module);
void register_archive(pybind11::module_& module);
void register_passages(pybind11::module_& module);
void register_furniture(pybind11::module_& module);
void register_tokens(pybind11::module_& module);
void register_counts(pybind11::module_& module);
void register_collocations(pybind11::module_& module);
void register_keywords(pybind11::module_& module);
void register_kwic(pybind11::module_& module);
void register_keyphrases(pybind11::module_& module);
void register_statistics(pybind11::module_& module);
void register_normalize(pybind11::module_& module);
void register_info(pybind11::module_& module);
