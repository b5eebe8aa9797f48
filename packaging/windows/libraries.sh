# Sourced by packaging/windows/build: the libraries for Windows, built from the sources of this
# Debian, each once for each version into a folder of its own below $cache.
#
# build_NAME is the recipe of a library: it runs in the unpacked source and installs into $prefix.
# Its text is a part of the key, so that a changed recipe builds anew.

triplet=x86_64-w64-mingw32
libraries=(sqlite3 libzstd qrencode openssl icu qt6-base)

build_sqlite3() {
  # What the server needs and nothing else; the source file in one piece is made by Tcl.
  ./configure --disable-tcl --disable-shared
  make sqlite3.c
  "$triplet-gcc-posix" -O2 -c sqlite3.c -DSQLITE_THREADSAFE=1 -DSQLITE_ENABLE_FTS5 \
    -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_ENABLE_DBPAGE_VTAB -DSQLITE_ENABLE_DBSTAT_VTAB
  "$triplet-ar" rcs libsqlite3.a sqlite3.o
  install -D -m 644 -t "$prefix/include" sqlite3.h
  install -D -m 644 -t "$prefix/lib" libsqlite3.a
}

build_libzstd() {
  cross_cmake -S build/cmake -DZSTD_BUILD_PROGRAMS=OFF -DZSTD_BUILD_SHARED=OFF -DZSTD_LEGACY_SUPPORT=OFF
}

build_qrencode() {
  # A DLL: its licence (LGPL) wants that people can put another one in its place.
  cross_cmake -DWITH_TOOLS=NO -DBUILD_SHARED_LIBS=ON
}

build_openssl() {
  # Where it looks for settings and certificates unless told: where only administrators may write.
  perl Configure mingw64 "--cross-compile-prefix=$triplet-" "--prefix=C:/Program Files/OpenSSL" \
    --libdir=lib shared \
    no-tests no-legacy no-engine no-autoload-config CC=gcc-posix CXX=g++-posix
  # Not `make build_libs`, which compiles everything once more for the static libraries.
  make -j "$jobs" build_generated
  make -j "$jobs" libcrypto-3-x64.dll libssl-3-x64.dll
  install -D -m 644 -t "$prefix/include/openssl" include/openssl/*.h
  install -D -m 644 -t "$prefix/lib" libcrypto.dll.a libssl.dll.a
  install -D -m 755 -t "$prefix/bin" libcrypto-3-x64.dll libssl-3-x64.dll
}

build_icu() {
  # Of the data, only character sets, normalisation and SASLprep: 25 MB less to install. The tools
  # are this Debian's own, of the same version.
  local data
  data=$(basename source/data/in/icudt*l.dat .dat)
  icupkg -l "source/data/in/$data.dat" | grep -vE '\.(cnv|icu|nrm|spp)$' > unused.txt
  icupkg -r unused.txt "source/data/in/$data.dat" "$data.dat"
  genccode -a gcc-mingw64 -e "${data%l}" -f icudata "$data.dat"
  cross_cmake -S "$windows/icu" "-DICU_SOURCE=$PWD/source" "-DICU_DATA=$PWD/icudata.S"
}

build_qt6-base() {
  # The OpenSSL backend alone: Schannel as a server is untried.
  cross_cmake -DQT_HOST_PATH=/usr "-DQT_HOST_PATH_CMAKE_DIR=/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/cmake" \
    -DBUILD_SHARED_LIBS=ON -DQT_BUILD_TESTS=OFF -DQT_BUILD_EXAMPLES=OFF \
    -DFEATURE_gui=OFF -DFEATURE_widgets=OFF -DFEATURE_sql=OFF -DFEATURE_xml=OFF -DFEATURE_concurrent=OFF \
    -DFEATURE_dbus=OFF -DFEATURE_testlib=ON -DFEATURE_system_zlib=OFF -DFEATURE_system_pcre2=OFF \
    -DFEATURE_system_doubleconversion=OFF -DFEATURE_pkg_config=OFF -DFEATURE_schannel=OFF \
    -DINPUT_openssl=runtime "-DOPENSSL_ROOT_DIR=$openssl_prefix" "-DOPENSSL_INCLUDE_DIR=$openssl_prefix/include"
}

cross_cmake() {
  cmake -G Ninja -B postnook-build -DCMAKE_TOOLCHAIN_FILE="$windows/toolchain.cmake" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_FLAGS_RELEASE="-O2 -DNDEBUG" -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" \
    -DCMAKE_INSTALL_PREFIX="$prefix" "$@"
  cmake --build postnook-build --parallel "$jobs"
  cmake --install postnook-build --strip
}

# apt with the sources of the same places that the packages come from, and state of its own.
source_apt() {
  "$1" -q -o Dir::Etc::sourcelist="$cache/apt/sources.list" -o Dir::Etc::sourceparts="$cache/apt/sources.d" \
    -o Dir::State::lists="$cache/apt/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    -o APT::Sandbox::User= "${@:2}"
}

update_sources() {
  mkdir -p "$cache/apt/sources.d" "$cache/apt/lists/partial"
  grep -hE '^deb ' /etc/apt/sources.list 2>/dev/null | sed 's/^deb /deb-src /' > "$cache/apt/sources.list" || true
  for file in /etc/apt/sources.list.d/*.sources; do
    [ ! -e "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" > "$cache/apt/sources.d/${file##*/}"
  done
  source_apt apt-get update
}

# The versions that are offered, the newest first.
source_versions() {
  source_apt apt-cache showsrc --only-source "$1" | sed -n 's/^Version: //p' | sort -rVu
}

# unpack NAME FOLDER. Mirrors may lack a file of the newest version: then its upstream part alone,
# or else the version before. All are checked by the hashes of the signed index.
unpack() {
  local version sources=$2.sources
  rm -rf "$2" "$sources"
  for version in $(source_versions "$1"); do
    rm -rf "$sources"
    mkdir -p "$sources"
    if (cd "$sources" && source_apt apt-get source --download-only "$1=$version"); then
      dpkg-source --no-copy --no-check -x "$sources"/*.dsc "$2"
      return
    elif (cd "$sources" && rm -f ./* && source_apt apt-get source --download-only --tar-only "$1=$version"); then
      mkdir "$2"
      tar -xf "$(ls "$sources"/*.orig.tar.*[a-z2] | grep -v '\.asc$')" --strip-components=1 -C "$2"
      return
    fi
  done
  fail "The source of $1 cannot be had."
}

# prefix_of NAME: the folder that the library is installed in, or will be.
prefix_of() {
  local version key
  version=$(source_versions "$1" | head -n 1)
  key=$({ declare -f "build_$1" cross_cmake; cat "$windows/$1/CMakeLists.txt" 2>/dev/null || true; cat "$windows/toolchain.cmake"; "$triplet-gcc-posix" -dumpfullversion; } | sha256sum | head -c 12)
  echo "$cache/$1-${version//[:~]/_}-$key"
}

# The licences that the packages have to show.
install_licences() {
  local file
  for file in LICENSE LICENSE.txt LICENSE.md COPYING LICENSES debian/copyright; do
    [ ! -e "$file" ] || { mkdir -p "$prefix/share/licenses/$1" && cp -r "$file" "$prefix/share/licenses/$1/"; }
  done
}

# Sets $prefixes to the folders of all libraries, and builds those that are missing.
build_libraries() {
  local name done prefix work status
  mkdir -p "$cache"
  update_sources
  prefixes=
  for name in "${libraries[@]}"; do
    done=$(prefix_of "$name")
    prefixes=${prefixes:+$prefixes;}$done
    [ "$name" != openssl ] || openssl_prefix=$done
    [ ! -d "$done" ] || continue
    echo "Building $name for Windows ..." >&2
    work=$cache/work-$name.$$
    unpack "$name" "$work"
    # Where it is found later is not where it is built: what is half done must not look done.
    prefix=$done.unfinished
    rm -rf "$prefix"
    # Not `( ... ) || fail`, in which nothing would stop at an error.
    set +e
    (set -e; cd "$work"; "build_$name"; install_licences "$name") > "$done.log" 2>&1
    status=$?
    set -e
    [ $status = 0 ] || { tail -n 40 "$done.log" >&2; fail "$name could not be built; all of it: $done.log"; }
    mv "$prefix" "$done"
    rm -rf "$work" "$work.sources"
  done
}
