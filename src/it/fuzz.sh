#!/usr/bin/env bash
# All fuzz tests for a minute, or FUZZ_SECONDS, with inputs that no build has tried before. An input at which one fails is told
# with the seed, and kept in src/test/resources/fuzz, where each build tries it first; FUZZ_SEED brings all of them back.
# Needs: a JDK, a project that was built before.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. src/it/common.bash

seconds=${FUZZ_SECONDS:-60}
seed=${FUZZ_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
forks=2
tests=$(grep -rho 'Fuzz\.of(' src/test/java --include='*FuzzTest.java' | wc -l)
each=$((seconds * forks / tests))
((each > 0)) || each=1

echo "fuzz: $tests tests, $each s each, $forks at a time; again with FUZZ_SEED=$seed src/it/fuzz.sh"
./mvnw -B -ntp surefire:test -Dtest='*FuzzTest' -DforkCount="$forks" -Dsurefire.timeout=$((seconds * 3 + 120)) \
  -Dvelo.fuzz.seconds="$each" -Dvelo.fuzz.seed="$seed" -Dvelo.fuzz.found="$PWD/src/test/resources/fuzz" >"$work/fuzz.log" 2>&1 || {
  grep -E "fuzz: .* inputs, |AssertionError: .*fuzz: |Caused by: |^[[:space:]]*at io\.velo|timeout" "$work/fuzz.log" || true
  fail "there is an input that is taken badly"
}
grep -E "^fuzz: " "$work/fuzz.log"
[[ $(grep -cE "^fuzz: .* inputs, " "$work/fuzz.log") -ge $tests ]] || fail "not all of them have run"
echo "fuzz: ok"
