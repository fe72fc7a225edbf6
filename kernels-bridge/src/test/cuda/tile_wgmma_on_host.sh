#!/bin/sh
# Runs the kernels of tiles on Hopper on the processor, in all three arithmetics and several clusters: needs g++, no GPU.
# Exits with 1 if one is wrong.
set -e
here=$(cd "$(dirname "$0")" && pwd)
kernels="$here/../../main/resources/dev/tangents/exec/cuda"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The host's functions take the place of those that are written in PTX; barriers and stages are its own.
host() {
  sed -E -e 's/(__forceinline__ (void|u32)) (tf32|pair|shared|init|await|expect|arriveAt|copy|clusterSync|multiply)\(/\1 device_\3(/' \
    -e 's/asm volatile\(/asm(/' -e '/^__shared__|^extern __shared__/d' -e '/^#define (SHARE|PIECE|STRIDE) /d' "$1"
}
run() { # arithmetic, stages, blocks below each other, side by side, rows, columns, grid
  width=32; stride=16384
  [ "$1" = 3 ] && width=64
  [ "$1" = 1 ] && stride=32768
  produce=''; consume=''
  gram() {
    slices=$(( ($4 + width - 1) / width ))
    produce="$produce bring<$slices>(ring, $2, $3, rowBlock, columnBlock, row, column);"
    consume="$consume gram<$slices>($1, ring, row, column);"
  }
  gram left a0 b0 41; gram right c0 d0 24; consume="$consume add(sum, left, right, 1.0f, 1.0f);"
  gram right c1 d1 1; consume="$consume add(sum, right, 0.5f);"
  gram left a2 b2 130; gram right c2 d2 64; consume="$consume add(sum, left, right, 0.5f, 2.0f);"
  parameters=''
  for p in a0 b0 c0 d0 c1 d1 a2 b2 c2 d2; do parameters="$parameters const unsigned char* $p,"; done
  { host "$kernels/pack.cu"; host "$kernels/tile_wgmma.cu" | sed -e 's/^typedef.*//' -e "s/PARAMETERS/$parameters/" \
    -e "s/^PRODUCER/$produce/" -e "s/^CONSUMER/$consume/"; } > "$work/wgmma_host.inc"
  g++ -O2 -std=c++17 -w -pthread -I"$work" -DARITHMETIC="$1" -DSTAGES="$2" -DDOWN="$3" -DACROSS="$4" -DN="$5" -DM="$6" -DGRID="$7" \
    -DOFFSET=0.25f -DBAND_ROWS=4 -DSHARE=128 -DPIECE=16384 -DSTRIDE="$stride" -o "$work/tile" "$here/tile_wgmma_on_host.cpp"
  "$work/tile"
}
run 3 6 2 1 300 389 4
run 2 6 2 1 300 390 6
run 1 4 2 1 129 133 2
run 1 4 1 1 130 128 1
run 3 6 1 2 257 300 2
run 2 3 2 2 300 200 4
