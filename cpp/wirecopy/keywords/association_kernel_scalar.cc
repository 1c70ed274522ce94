#include "wirecopy/keywords/association_kernel.h"
#include "wirecopy/keywords/association_kernel_portable.h"

namespace wirecopy::kernel {

const AssociationKernel* association_scalar() { return &kAssociationLoops; }

}  // namespace wirecopy::kernel
