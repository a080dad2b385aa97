#!/usr/bin/env bash
# Builds what git knows of this folder twice, from clean copies in two folders, and compares the jars byte by byte, and with them
# their bills of materials. Leaves the jar and its SHA-256 in target/reproducible. Arguments go to Maven, such as -o.
# Needs git, unzip and a JDK. Takes two builds without tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { # folder, arguments for Maven
  local folder=$work/$1
  shift
  mkdir -p "$folder"
  git ls-files -z | tar -c --null --verbatim-files-from -T - | tar -x -C "$folder"
  (cd "$folder" && ./mvnw -B -ntp -q package -Dmaven.test.skip=true "$@")
}

build one "$@"
build a-folder/of-another-name "$@"

one=$work/one/target/velo.jar
other=$work/a-folder/of-another-name/target/velo.jar
if ! cmp "$one" "$other"; then
  mkdir -p target/reproducible
  cp "$one" target/reproducible/one.jar
  cp "$other" target/reproducible/other.jar
  echo "reproducible: the jars differ; both are in target/reproducible" >&2
  exit 1
fi
if ! unzip -l "$one" META-INF/sbom/application.cdx.json >/dev/null; then
  echo "reproducible: the jars are the same, without a bill of materials: Maven was offline" >&2
fi
mkdir -p target/reproducible
cp "$one" target/reproducible/velo.jar
(cd target/reproducible && sha256sum velo.jar | tee velo.jar.sha256)
