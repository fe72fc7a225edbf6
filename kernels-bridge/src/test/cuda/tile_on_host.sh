#!/bin/sh
# Runs the tile kernel on the processor, in all four arithmetics: needs g++, no GPU. Exits with 1 if one is wrong.
set -e
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The host's tf32, pair and mma take the place of the device's.
sed -e 's/unsigned int tf32(float x) {/unsigned int deviceTf32(float x) {/' \
  -e 's/unsigned int pair(const float\* x) {/unsigned int devicePair(const float* x) {/' \
  -e 's/void mma(float\* c,/void deviceMma(float* c,/' \
  -e 's/PARAMETERS/const float* a0, const float* b0, const float* c0, const float* d0, const float* c1, const float* d1, /' \
  -e 's/^CALLS/  gram<K1>(left, a0, b0); gram<K2>(right, c0, d0); add(sum, left, right, 1.0f, 1.0f); gram<K3>(right, c1, d1); add(sum, right, 0.5f);/' \
  "$here/../../main/resources/dev/tangents/exec/cuda/tile.cu" > "$work/tile_host.inc"
for arithmetic in 0 1 2 3; do
  g++ -O1 -std=c++17 -w -pthread -I"$work" -DARITHMETIC=$arithmetic -DN=150 -DM=133 -DOFFSET=0.25f -DK1=41 -DK2=24 -DK3=1 \
    -o "$work/tile" "$here/tile_on_host.cpp"
  "$work/tile"
done
