// Bytes without a value yet, for results of a known size.
#pragma once

#include <cstddef>
#include <memory>

namespace wirecopy {

// Large ones ask for huge pages where the system has them: touching fresh memory 4 KiB at a time
// costs more than writing it.
class Buffer {
 public:
  explicit Buffer(std::size_t bytes);
  // All zeros; what the system gives anew is not written once more.
  static Buffer zeros(std::size_t bytes);

  char* data() const { return bytes_.get(); }

 private:
  Buffer() = default;

  struct Free {
    void operator()(char* p) const;
  };
  std::unique_ptr<char, Free> bytes_;
};

// The same advice for memory that something else holds. Changes nothing but speed.
void prefer_huge_pages(void* memory, std::size_t bytes);

// Room for `count` elements of a vector or string, on huge pages where there are enough of them.
template <typename Elements>
void reserve_huge(Elements& elements, std::size_t count) {
  elements.reserve(count);
  prefer_huge_pages(elements.data(), elements.capacity() * sizeof(*elements.data()));
}

}  // namespace wirecopy
