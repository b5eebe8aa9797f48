# Sourced by packaging/run and packaging/test: installs what the build needs, with the package
# manager of the system, and only what is missing.

packages_for() {
  case "$1" in
    apt) echo g++ cmake ninja-build qt6-base-dev libsqlite3-dev libssl-dev libicu-dev zlib1g-dev libzstd-dev libqrencode-dev clang-format curl ca-certificates ;;
    dnf) echo gcc-c++ cmake ninja-build qt6-qtbase-devel sqlite-devel openssl-devel libicu-devel zlib-devel libzstd-devel qrencode-devel clang-tools-extra curl ca-certificates ;;
    brew) echo cmake ninja qt sqlite openssl@3 icu4c zstd qrencode clang-format ;;
  esac
}

package_manager() {
  local manager
  if [ "$(uname)" = Darwin ]; then
    command -v brew >/dev/null || fail "Homebrew is needed on macOS: https://brew.sh"
    echo brew
    return
  fi
  for manager in apt dnf; do
    if command -v "$manager-get" >/dev/null || command -v "$manager" >/dev/null; then
      echo "$manager"
      return
    fi
  done
  fail "No apt, dnf or brew here. Install a C++20 compiler, CMake 3.22, Ninja, Qt 6.4 (Core, Network, Test), SQLite 3.40, OpenSSL 3, ICU, zlib 1.2.12, zstd and libqrencode by hand, then use: cmake --preset release && cmake --build --preset release"
}

is_installed() {
  case "$1" in
    apt) [ "$(dpkg-query -W -f '${db:Status-Status}' "$2" 2>/dev/null)" = installed ] ;;
    dnf) rpm -q --quiet --whatprovides "$2" ;; # zlib-devel is a name of zlib-ng-compat-devel
    brew) brew list --formula "$2" >/dev/null 2>&1 ;;
  esac
}

fail() {
  echo "$*" >&2
  exit 1
}

# as_root COMMAND...: as it is for root, else by sudo, after asking.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
    return
  fi
  command -v sudo >/dev/null || fail "Neither root nor sudo: run this as root: $*"
  if [ "$assume_yes" != yes ] && [ -z "${CI:-}" ]; then
    local answer
    read -r -p "May this run 'sudo $*'? [y/N] " answer || answer=no
    case "$answer" in
      [yY]*) ;;
      *) fail "Nothing was installed." ;;
    esac
  fi
  sudo "$@"
}

install_dependencies() {
  local manager package missing=()
  manager=$(package_manager)
  for package in $(packages_for "$manager"); do
    is_installed "$manager" "$package" || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    return
  fi
  echo "To be installed: ${missing[*]}" >&2
  case "$manager" in
    apt)
      as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
      ;;
    dnf) as_root dnf install -y "${missing[@]}" ;;
    brew) brew install "${missing[@]}" ;;
  esac
}

# Homebrew keeps these apart from the system's own.
export_search_path() {
  if [ "$(uname)" = Darwin ]; then
    local prefix
    prefix=$(brew --prefix)
    export CMAKE_PREFIX_PATH="$prefix/opt/qt:$prefix/opt/icu4c:$prefix/opt/openssl@3:$prefix/opt/sqlite"
  fi
}

# build_preset NAME [TARGET]
build_preset() {
  export_search_path
  cmake --preset "$1"
  cmake --build --preset "$1" ${2:+--target "$2"}
}
