#!/usr/bin/env bash
# Recomputes every digest and every count of a printed report, with nothing of Sallyport:
#
#   recompute.sh PRINT REPORT.json BUNDLE STATION.pub
#
# PRINT is the report as PDF or HTML, BUNDLE the folder of the consignment on a medium, STATION.pub the key of the
# station that signed the record, from one's own records. Needs bash, coreutils, tar, openssl, jq; pdftotext for a PDF.
set -euo pipefail

print=$1 report=$2 bundle=$3 station=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0
bad() { wrong=$((wrong + 1)); printf 'WRONG %s\n' "$*"; }
sum() { sha256sum | cut -c1-64; }

# The print as one line of text.
case $print in
  *.pdf) pdftotext -layout "$print" "$work/print" ;;
  *) sed -e '/<style>/,/<\/style>/d' "$print" | tr '\n' ' ' | sed -e 's/<[^>]*>/ /g' \
    -e "s/&#39;/'/g" -e 's/&quot;/"/g' -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&amp;/\&/g' >"$work/print" ;;
esac
text=" $(tr -s '[:space:]' ' ' <"$work/print") "

# The record, and who signed it.
statement=$work/statement.json
jq -r .dsseEnvelope.payload "$report" | base64 -d >"$statement"
jq -r '.dsseEnvelope.signatures[0].sig' "$report" | base64 -d >"$work/sig"
{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c <"$statement")"; cat "$statement"; } >"$work/pae"
openssl dgst -sha256 -verify "$station" -signature "$work/sig" "$work/pae" >/dev/null ||
  bad 'the signature under the record'

# Every digest that these files give, and how large what it is of is.
declare -A computed=() sizes=()
give() { computed[$1]=$2; }
waybill=$bundle/waybill.json
mkdir "$work/content"
cat "$bundle"/bundle.tar* | tar -x -C "$work/content" -f -
for file in "$work"/content/blobs/sha256/* "$work"/content/*.json "$bundle"/*; do
  hex=$(sum <"$file")
  give "$hex" "$(basename "$file")"
  sizes[$hex]=$(stat -c %s "$file")
done
of() { jq "$@" "$statement"; }
record=$(of -cjS .predicate | sum)
declare -A figures=(
  [Record]=sha256:$record
  [Waybill]=sha256:$(sum <"$waybill")
  [Policy]=sha256:$(of -j .predicate.policy.source | sum)
  [Trust]=sha256:$(of -cjS '{format: "sallyport.trust/v1", signers: .predicate.trust.signers}' | sum)
  [Sender]=$(jq -cjS .sender "$waybill" | sum)
  [Desk]=$(of -cjS .predicate.desk.card | sum)
  ['Station’s key']=$(openssl pkey -pubin -in "$station" -outform DER | sum)
  ['Root of the ledger']=$(of -r .predicate.ledger.checkpoint | sed -n 3p | base64 -d | od -An -v -tx1 | tr -d ' \n')
  [Items]=$(jq '.items | length' "$waybill")
  ['Blobs carried']=$(find "$work/content/blobs/sha256" -type f | wc -l)
  ['Bytes carried']=$(find "$work/content/blobs/sha256" -type f -printf '%s\n' | awk '{ all += $1 } END { print all + 0 }')
  ['Blobs left out']=$(jq '[.blobs[] | select(.state == "omitted")] | length' "$waybill")
  ['Events in the ledger']=$(of -r .predicate.ledger.checkpoint | sed -n 2p)
)
if [ "$(of '.predicate.verdict != null')" = true ]; then
  figures[Verdict]=sha256:$(of -cjS '.predicate.verdict | del(.at, .digest, .scope)' | sum)
  checks() { of --arg result "$1" '.predicate.verdict.checks | map(select(.result == $result)) | length'; }
  figures['Checks failed']=$(checks fail)
  figures['Checks not run']=$(checks not-checked)
  figures['Checks overridden']=$(checks overridden)
  figures['Checks with attention']=$(checks warn)
  figures['Checks passed']=$(checks pass)
fi
for name in "${!figures[@]}"; do
  value=${figures[$name]}
  hex=${value#sha256:}
  if [ ${#hex} = 64 ]; then give "$hex" "$name"; fi
  # As the last table prints it: the name, the value, the command.
  [[ $text =~ " $name $value "(jq|sha256sum) ]] || bad "$name: computed $value, not printed so"
done
while read -r key; do
  give "$(printf %s "$key" | base64 -d | sum)" 'a key'
done < <(of -r '.predicate | .trust.signers[], .people[] | .key')

# Keys whose signatures of content count, as the policy holds them.
while read -r key; do
  [ -z "$key" ] || give "$(base64 -d <<<"$key" | sum)" 'a key of the policy'
done < <(of -r .predicate.policy.source | tr -d ' \n' | sed -e 's/-----BEGINPUBLICKEY-----/\n&/g' |
  sed -n 's/^-----BEGINPUBLICKEY-----\([A-Za-z0-9+\/=]*\)-----ENDPUBLICKEY-----.*/\1/p')

give "$(jq -r .sender.station "$waybill" | base64 -d | sum)" 'the key of the sender’s station'

# The counts in words.
counted() {
  local number=${figures[$1]}
  if [ "$number" = 1 ]; then printf '1 %s' "$2"; else printf '%s %ss' "$number" "$2"; fi
}
said() { [[ $text == *" $1"* ]] || bad "not printed: $1"; }
content="$(counted Items item), $(counted 'Blobs carried' blob)"
said "Content $content, ${figures['Bytes carried']} bytes "
said "$content carried (${figures['Bytes carried']} bytes), ${figures['Blobs left out']} left out. "
said "$(counted 'Events in the ledger' event), root "
if [ -n "${figures['Checks passed']:-}" ]; then
  said "Checks ${figures['Checks failed']} failed, ${figures['Checks not run']} not checked, ${figures['Checks overridden']} overridden, ${figures['Checks with attention']} attention, ${figures['Checks passed']} passed "
  rows=$({ grep -o '✓ Passed' <<<"$text" || true; } | wc -l)
  [ "$rows" = "${figures['Checks passed']}" ] || bad "$rows rows of checks that passed"
fi

# Every check, word for word. A long word may be broken over two lines of the print.
tight=$(tr -d '[:space:]' <<<"$text")
while read -r check; do
  [[ $tight == *"$check"* ]] || bad "not printed: $check"
done < <(of -r '.predicate.verdict // {checks: []} | .checks[] | "Expected\(.expected)Found\(.found)" | gsub("\\s"; "")')

# Every digest that is printed is one of those. What the sender trusted, by which policy, and the desks it sent to are
# not on a medium: these stand word for word in the waybill, which people signed.
declare -A stated=()
while read -r hex; do stated[$hex]=1; done < <(
  jq -r '.trust, .policy, (.destinations[] | .desk, .previous // empty)' "$waybill" | grep -oE '[0-9a-f]{64}'
)
printed=0 again=0
while read -r hex; do
  printed=$((printed + 1))
  if [ -n "${computed[$hex]:-}" ]; then again=$((again + 1)); continue; fi
  [ -n "${stated[$hex]:-}" ] || bad "a digest of nothing: $hex"
done < <(grep -oE '\b[0-9a-f]{64}\b' <<<"$text" | sort -u)
broken=$(grep -oE '\b[0-9a-f]{24,63}\b' <<<"$text" | head -n 1 || true)
[ -z "$broken" ] || bad "a digest that is broken in print: $broken"

# Every size that stands after a digest.
measured=0
while read -r hex bytes; do
  measured=$((measured + 1))
  [ "${sizes[$hex]:-}" = "$bytes" ] || bad "$hex has ${sizes[$hex]:-no} bytes, printed $bytes"
done < <(grep -oE '[0-9a-f]{64} ([a-z0-9.+/-]+, )?[0-9]+ bytes' <<<"$text" |
  sed -E 's/^([0-9a-f]{64}) .*\b([0-9]+) bytes$/\1 \2/')

printf '%d digests printed, %d computed again, %d as the waybill states; %d figures, %d sizes; %d wrong\n' \
  "$printed" "$again" "$((printed - again))" "${#figures[@]}" "$measured" "$wrong"
[ "$wrong" = 0 ]
