// The measures of association.h that are wanted of whole vocabularies, over arrays.
//
// Every kernel file compiles the same loops, for another instruction set. They hold nothing but
// additions, multiplications, divisions and square roots in a fixed order, each of which every CPU
// rounds alike, so the results have the same bits everywhere, and those of association.h.
//
// Kernel files include nothing but this, intrinsics and plain types: see cmake/WirecopyRoom.cmake.
#pragma once

#include <stddef.h>

namespace wirecopy::kernel {

// Tables by their cells: one each in o11[i], o12[i], o21[i], o22[i].
struct Cells {
  const double* o11;
  const double* o12;
  const double* o21;
  const double* o22;
};

struct AssociationKernel {
  // Signed: negative where o11 is less than independence would give.
  void (*signed_g2)(const Cells* cells, size_t n, double* out);
  void (*signed_g2_two_term)(const Cells* cells, size_t n, double* out);
  void (*signed_chi2)(const Cells* cells, size_t n, double* out);
  void (*signed_chi2_yates)(const Cells* cells, size_t n, double* out);
  void (*log_ratio)(const Cells* cells, size_t n, double* out);
  void (*p_value)(const double* statistics, size_t n, double* out);
};

const AssociationKernel* association_scalar();
const AssociationKernel* association_avx2();
const AssociationKernel* association_avx512();
const AssociationKernel* association_neon();

}  // namespace wirecopy::kernel
