#include "wirecopy/keywords/association_kernel.h"
#include "wirecopy/keywords/association_kernel_portable.h"

#if defined(__x86_64__)

namespace wirecopy::kernel {

const AssociationKernel* association_avx2() { return &kAssociationLoops; }

}  // namespace wirecopy::kernel

#endif
