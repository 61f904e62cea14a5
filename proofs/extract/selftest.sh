#!/bin/sh
# selftest.sh CHECKER: what the extracted checker must accept, refuse and reject.
# The certificate is the witness of hinge_certificate.v: one point, two poisons needed.
checker=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failures=0

cat > "$work/good" <<'END'
hinge-certificate 1
dimension 1
scale 1
lower -1
upper 1
c 1 1
den 12
target -4
other -3
mu 12 12
rho 1 1000
bound 2
rows 1
+1 1
end
END

# expect STATUS NAME [SED EXPRESSION]: apply the edit to the good certificate and run the checker
expect() {
  sed -e "${3:-}" "$work/good" > "$work/case"
  "$checker" "$work/case" > "$work/out" 2> "$work/err"
  status=$?
  if [ "$status" -ne "$1" ]; then
    echo "FAILED: $2: exit $status, expected $1"
    failures=$((failures + 1))
  fi
}

expect 0 "good certificate"
expect 0 "smaller bound" 's/^bound 2/bound 1/'
expect 1 "bound too large" 's/^bound 2/bound 3/'
expect 1 "label changed" 's/^+1 1/-1 1/'
expect 1 "larger box" 's/^upper 1/upper 2/'
expect 1 "larger radius" 's/^rho 1 1000/rho 1 10/'
expect 1 "multiplier above 1" 's/^mu 12 12/mu 13 12/'
expect 1 "negative multiplier" 's/^mu 12 12/mu 12 -1/'
expect 1 "negative radius" 's/^rho 1 1000/rho -1 1000/'
expect 1 "zero denominator of c" 's/^c 1 1/c 1 0/'
expect 1 "negative regularisation" 's/^c 1 1/c -1 1/'
expect 1 "zero scale" 's/^scale 1/scale 0/'
expect 1 "negative denominator" 's/^den 12/den -12/'
expect 2 "wrong header" 's/^hinge-certificate 1/hinge-certificate 2/'
expect 2 "missing line" '/^den/d'
expect 2 "too few numbers" 's/^mu 12 12/mu 12/'
expect 2 "too many features" 's/^+1 1/+1 1 1/'
expect 2 "bad label" 's/^+1 1/1 1/'
expect 2 "not an integer" 's/^target -4/target -4.0/'
expect 2 "hexadecimal" 's/^den 12/den 0xC/'
expect 2 "underscore" 's/^den 12/den 1_2/'
expect 2 "empty number" 's/^mu 12 12/mu 12  12/'
expect 2 "lone minus" 's/^target -4/target -/'
expect 2 "missing rows" 's/^rows 1/rows 2/'
expect 2 "extra row" 's/^rows 1/rows 0/'
expect 2 "no end" '/^end/d'
expect 2 "text after end" '$a more'
expect 2 "empty file" 'd'

if [ "$failures" -eq 0 ]; then echo "all cases as expected"; else exit 1; fi
