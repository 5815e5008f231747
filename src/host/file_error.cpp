#include "host/file_error.h"

#include <cerrno>
#include <system_error>

namespace syncgate {
namespace {

struct CodeAndHint {
  const char* code;
  const char* hint;
};

CodeAndHint Describe(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return {"file-absent", "Check the path."};
    case EACCES:
    case EPERM:
    case EROFS:
      return {"file-permission", "Give the user that syncgate runs as the right to do this."};
    case EEXIST:
      return {"file-exists", "Remove it, or take another name."};
    case ENOSPC:
    case EDQUOT:
      return {"file-no-space", "Free some space there (or raise the quota) and run again."};
    default:
      return {"file-failed", ""};
  }
}

}  // namespace

std::unexpected<Error> FailFile(std::string_view deed, const std::string& path, int error_number) {
  const CodeAndHint found = Describe(error_number);
  std::string message = "Cannot ";
  message += deed;
  message += " " + path + ": " + std::generic_category().message(error_number) + ".";
  return Fail(ErrorKind::kFailed, found.code, std::move(message), found.hint);
}

}  // namespace syncgate
