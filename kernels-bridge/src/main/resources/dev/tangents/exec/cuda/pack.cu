// A factor [rows, K] as tensor cores of sm_90 read it: rounded, in pieces of 128 rows x 128 bytes (64 numbers of BF16,
// 32 of TF32), the pieces of 128 rows one behind the other, zeros where rows or columns end. In a piece the eight
// 16-byte parts of row r change places: part c is at c ^ (r % 8), the 128-byte swizzle of NVIDIA's PTX ISA
// ("Asynchronous warpgroup-level matrix shared memory layout"). For 3xTF32 every piece is followed by that of what
// rounding has left over.
//
// ARITHMETIC: 1 3xTF32, 2 TF32, 3 BF16.

#define SHARE 128
#define PIECE 16384

#if ARITHMETIC == 1
#define STRIDE (2 * PIECE)
#else
#define STRIDE PIECE
#endif

#if ARITHMETIC == 3
#define WIDTH 64
#else
#define WIDTH 32
#endif

typedef unsigned int u32;

#if ARITHMETIC == 3
static __device__ __forceinline__ u32 pair(float x, float y) {
  u32 two;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(two) : "f"(y), "f"(x));
  return two;
}
#else
static __device__ __forceinline__ u32 tf32(float x) {
  u32 y;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(x));
  return y;
}
#endif

static __device__ __forceinline__ float4 load4(const float* row, int column, int k, bool whole) {
  float4 x = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
  if (whole) {
    if (column < k) {
      x = *(const float4*)(row + column);
    }
    return x;
  }
  if (column < k) x.x = row[column];
  if (column + 1 < k) x.y = row[column + 1];
  if (column + 2 < k) x.z = row[column + 2];
  if (column + 3 < k) x.w = row[column + 3];
  return x;
}

// A block makes one piece.
extern "C" __global__ void __launch_bounds__(256) pack(const float* factor, unsigned char* packed, int rows, int k) {
  int slices = (k + WIDTH - 1) / WIDTH;
  int first = blockIdx.x / slices * SHARE;
  int column = blockIdx.x % slices * WIDTH;
  bool whole = k % 4 == 0 && (size_t)factor % 16 == 0; // a view may begin anywhere
  size_t piece = (size_t)blockIdx.x * STRIDE;
#pragma unroll
  for (int i = threadIdx.x; i < SHARE * 8; i += 256) {
    int r = i / 8;
    int part = i % 8;
    size_t at = piece + r * 128 + (part ^ r % 8) * 16;
    const float* row = factor + (size_t)(first + r) * k;
    bool there = first + r < rows;
    float4 zero = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
#if ARITHMETIC == 3
    float4 x = there ? load4(row, column + 8 * part, k, whole) : zero;
    float4 y = there ? load4(row, column + 8 * part + 4, k, whole) : zero;
    *(uint4*)(packed + at) = make_uint4(pair(x.x, x.y), pair(x.z, x.w), pair(y.x, y.y), pair(y.z, y.w));
#else
    float4 x = there ? load4(row, column + 4 * part, k, whole) : zero;
    uint4 big = make_uint4(tf32(x.x), tf32(x.y), tf32(x.z), tf32(x.w));
    *(uint4*)(packed + at) = big;
#if ARITHMETIC == 1
    *(uint4*)(packed + at + PIECE) =
        make_uint4(
            tf32(x.x - __uint_as_float(big.x)),
            tf32(x.y - __uint_as_float(big.y)),
            tf32(x.z - __uint_as_float(big.z)),
            tf32(x.w - __uint_as_float(big.w)));
#endif
#endif
  }
}
