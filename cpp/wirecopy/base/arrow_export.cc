#include "wirecopy/base/arrow_export.h"

#include <array>
#include <cerrno>
#include <exception>
#include <new>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace wirecopy {
namespace {

// Of an ArrowSchema or ArrowArray: lets go of its children and of what it keeps as private_data.
template <typename Data, typename Arrow>
void release(Arrow* arrow) {
  // A consumer may have moved a child out, which leaves its release callback null.
  for (std::int64_t i = 0; i < arrow->n_children; ++i) {
    Arrow* child = arrow->children[i];
    if (child->release != nullptr) child->release(child);
  }
  delete static_cast<Data*>(arrow->private_data);
  arrow->release = nullptr;
}

// ---- schema -------------------------------------------------------------------------------------

struct SchemaData {
  std::string name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> child_pointers;
};

const char* format_of(const ColumnValues& values) {
  struct Visitor {
    const char* operator()(const std::vector<std::int64_t>&) const { return "l"; }
    const char* operator()(const std::vector<double>&) const { return "g"; }
    const char* operator()(const Bools&) const { return "b"; }
    const char* operator()(const Strings&) const { return "U"; }
    const char* operator()(const Times&) const { return "tsu:"; }
  };
  return std::visit(Visitor{}, values);
}

void make_schema(const char* format, std::string name, std::unique_ptr<SchemaData> data,
                 ArrowSchema* out) {
  data->name = std::move(name);
  *out = ArrowSchema{};
  out->format = format;
  out->name = data->name.c_str();
  // Only times have nulls; "nullable" is what every other producer says of its columns, and what
  // lets a consumer concatenate ours with its own.
  out->flags = ARROW_FLAG_NULLABLE;
  out->n_children = static_cast<std::int64_t>(data->child_pointers.size());
  out->children = data->child_pointers.empty() ? nullptr : data->child_pointers.data();
  out->release = release<SchemaData, ArrowSchema>;
  out->private_data = data.release();
}

void make_table_schema(const Table& table, ArrowSchema* out) {
  auto data = std::make_unique<SchemaData>();
  data->children.resize(table.columns.size());
  data->child_pointers.reserve(table.columns.size());
  for (ArrowSchema& child : data->children) data->child_pointers.push_back(&child);
  try {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const Column& column = table.columns[i];
      make_schema(format_of(column.values), column.name, std::make_unique<SchemaData>(),
                  &data->children[i]);
    }
    make_schema("+s", "", std::move(data), out);
  } catch (...) {
    if (data != nullptr) {
      for (ArrowSchema& child : data->children) {
        if (child.release != nullptr) child.release(&child);
      }
    }
    throw;
  }
  out->flags = 0;
}

// ---- data ---------------------------------------------------------------------------------------

struct ArrayData {
  std::shared_ptr<const Table> table;  // each child holds it: a consumer may keep just one
  std::array<const void*, 3> buffers{};
  std::vector<std::uint8_t> bits;  // a Bools column, or which times are known
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
};

void make_array(std::size_t length, std::int64_t n_buffers, std::unique_ptr<ArrayData> data,
                ArrowArray* out) {
  *out = ArrowArray{};
  out->length = static_cast<std::int64_t>(length);
  out->n_buffers = n_buffers;
  out->buffers = data->buffers.data();
  out->n_children = static_cast<std::int64_t>(data->child_pointers.size());
  out->children = data->child_pointers.empty() ? nullptr : data->child_pointers.data();
  out->release = release<ArrayData, ArrowArray>;
  out->private_data = data.release();
}

template <typename Holds>
std::vector<std::uint8_t> pack(std::size_t n, const Holds& holds) {
  std::vector<std::uint8_t> bits((n + 7) / 8);
  for (std::size_t i = 0; i < n; ++i) {
    if (holds(i)) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | 1u << i % 8);
  }
  return bits;
}

void make_column_array(const std::shared_ptr<const Table>& table, const Column& column,
                       ArrowArray* out) {
  auto data = std::make_unique<ArrayData>();
  data->table = table;
  std::int64_t n_buffers = 2;
  std::int64_t nulls = 0;
  if (const auto* ints = std::get_if<std::vector<std::int64_t>>(&column.values)) {
    data->buffers[1] = ints->data();
  } else if (const auto* doubles = std::get_if<std::vector<double>>(&column.values)) {
    data->buffers[1] = doubles->data();
  } else if (const auto* bools = std::get_if<Bools>(&column.values)) {
    data->bits = pack(bools->size(), [&](std::size_t i) { return bools->values[i] != 0; });
    data->buffers[1] = data->bits.data();
  } else if (const auto* times = std::get_if<Times>(&column.values)) {
    const auto known = [&](std::size_t i) { return times->micros[i] != Times::kUnknown; };
    data->bits = pack(times->size(), known);
    for (std::size_t i = 0; i < times->size(); ++i) nulls += known(i) ? 0 : 1;
    if (nulls != 0) data->buffers[0] = data->bits.data();
    data->buffers[1] = times->micros.data();
  } else {
    const auto& strings = std::get<Strings>(column.values);
    data->buffers[1] = strings.offsets.data();
    data->buffers[2] = strings.bytes.data();
    n_buffers = 3;
  }
  make_array(column.size(), n_buffers, std::move(data), out);
  out->null_count = nulls;
}

void make_table_array(const std::shared_ptr<const Table>& table, ArrowArray* out) {
  auto data = std::make_unique<ArrayData>();
  data->table = table;
  data->children.resize(table->columns.size());
  data->child_pointers.reserve(table->columns.size());
  for (ArrowArray& child : data->children) data->child_pointers.push_back(&child);
  try {
    for (std::size_t i = 0; i < table->columns.size(); ++i) {
      make_column_array(table, table->columns[i], &data->children[i]);
    }
  } catch (...) {
    for (ArrowArray& child : data->children) {
      if (child.release != nullptr) child.release(&child);
    }
    throw;
  }
  make_array(table->rows(), 1, std::move(data), out);
}

// ---- stream -------------------------------------------------------------------------------------

struct StreamData {
  std::shared_ptr<const Table> table;
  bool given = false;
  std::string error;
};

StreamData& data_of(const ArrowArrayStream* stream) {
  return *static_cast<StreamData*>(stream->private_data);
}

// No exception may cross into a consumer written in C.
template <typename Body>
int guarded(ArrowArrayStream* stream, const Body& body) noexcept {
  StreamData& data = data_of(stream);
  try {
    data.error.clear();
    return body(data);
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  } catch (...) {
    return EIO;
  }
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  return guarded(stream, [out](StreamData& data) {
    make_table_schema(*data.table, out);
    return 0;
  });
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  return guarded(stream, [out](StreamData& data) {
    if (data.given) {
      *out = ArrowArray{};  // a released array says: no more
      return 0;
    }
    for (const Column& column : data.table->columns) {
      if (column.size() != data.table->rows()) {
        data.error = "column '" + column.name + "' has " + std::to_string(column.size()) +
                     " rows, the first column " + std::to_string(data.table->rows());
        return EINVAL;
      }
    }
    make_table_array(data.table, out);
    data.given = true;
    return 0;
  });
}

// The signature is Arrow's.
const char* get_last_error(ArrowArrayStream* stream) {  // NOLINT(misc-const-correctness)
  const std::string& error = data_of(stream).error;
  return error.empty() ? nullptr : error.c_str();
}

void release_stream(ArrowArrayStream* stream) {
  delete static_cast<StreamData*>(stream->private_data);
  stream->release = nullptr;
}

}  // namespace

void export_arrow_stream(std::shared_ptr<const Table> table, ArrowArrayStream* out) {
  auto data = std::make_unique<StreamData>();
  data->table = std::move(table);
  *out = ArrowArrayStream{};
  out->get_schema = get_schema;
  out->get_next = get_next;
  out->get_last_error = get_last_error;
  out->release = release_stream;
  out->private_data = data.release();
}

}  // namespace wirecopy
