#!/usr/bin/env bash
# Very many connections, most of them idle, and more than there may be: fails where Velo should not have. The figures are for a
# machine that has nothing else to do; here they only say that it went on.
# Needs: wrk, a JDK, a built target/velo.jar. Takes about half a minute.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

bench/crowd --seconds 3 --warmup 3 --rounds 1
echo "crowd: ok"
