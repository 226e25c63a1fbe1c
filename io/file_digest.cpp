#include "io/file_digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <memory>
#include <vector>

#include "engine/base/error.hpp"

namespace tradegraph::io {

namespace {

struct FileEnd {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
struct DigestEnd {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

std::string hexadecimal(const unsigned char* bytes, unsigned count) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

}  // namespace

std::string sha256_of_file(const std::string& path) {
  const std::unique_ptr<std::FILE, FileEnd> file(std::fopen(path.c_str(), "rbe"));
  require(file != nullptr, ErrorKind::io, path + ": cannot be opened");
  const std::unique_ptr<EVP_MD_CTX, DigestEnd> context(EVP_MD_CTX_new());
  bool good = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  std::vector<char> block(std::size_t{1} << 18);
  while (good) {
    const std::size_t got = std::fread(block.data(), 1, block.size(), file.get());
    if (got == 0) break;
    good = EVP_DigestUpdate(context.get(), block.data(), got) == 1;
  }
  require(std::ferror(file.get()) == 0, ErrorKind::io, path + ": cannot be read");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  good = good && EVP_DigestFinal_ex(context.get(), digest.data(), &length) == 1;
  require(good, ErrorKind::internal, path + ": libcrypto cannot compute SHA-256");
  return hexadecimal(digest.data(), length);
}

}  // namespace tradegraph::io
