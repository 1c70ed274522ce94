#include "wirecopy/keywords/association_kernel.h"
#include "wirecopy/keywords/association_kernel_portable.h"

#if defined(__aarch64__)

namespace wirecopy::kernel {

const AssociationKernel* association_neon() { return &kAssociationLoops; }

}  // namespace wirecopy::kernel

#endif
