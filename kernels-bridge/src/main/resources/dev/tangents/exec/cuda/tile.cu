// A share of 128 x 128 elements of a tile [N, M] by a block of 256 threads: the sum over terms of
// scale (A A'^T + shift) o (D D'^T). Three sets of 64 numbers a thread stay in registers: the sum, and the two Gram
// matrices of a term. Factors come in slices of 16 columns, two slices in shared memory in turn.
//
// ARITHMETIC: 0 floats throughout (FFMA); 1 3xTF32, 2 TF32, 3 BF16 (mma.sync, sm_80 and later).

#define SHARE 128
#define SLICE 16
// Distance of rows in shared memory. 18: reads of two numbers from 16 rows meet 16 pairs of banks. 20: reads of one
// number from 8 rows and 4 columns meet 32 banks; copies of 16 bytes stay aligned.
#if ARITHMETIC == 0
#define PITCH 18
#else
#define PITCH 20
#endif

__shared__ __align__(16) float slices[2][2][SHARE * PITCH];

// Copies 2 (PITCH 18) or 4 numbers, zeros behind the end of a row or of the factor.
template <int K>
static __device__ __forceinline__ void fetch(float* to, const float* factor, int row, int rows, int column) {
  constexpr int WIDTH = ARITHMETIC == 0 ? 2 : 4;
  const float* from = factor + (size_t)row * K + column;
#if __CUDA_ARCH__ >= 800
  unsigned int target = (unsigned int)__cvta_generic_to_shared(to);
  if (K % WIDTH == 0) {
    int bytes = row < rows && column < K ? 4 * WIDTH : 0;
    const float* source = bytes > 0 ? from : factor;
    if (WIDTH == 4) {
      asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(target), "l"(source), "r"(bytes));
    } else {
      asm volatile("cp.async.ca.shared.global [%0], [%1], 8, %2;" ::"r"(target), "l"(source), "r"(bytes));
    }
    return;
  }
#pragma unroll
  for (int i = 0; i < WIDTH; ++i) {
    int bytes = row < rows && column + i < K ? 4 : 0;
    const float* source = bytes > 0 ? from + i : factor;
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(target + 4 * i), "l"(source), "r"(bytes));
  }
#else
#pragma unroll
  for (int i = 0; i < WIDTH; ++i) {
    to[i] = row < rows && column + i < K ? from[i] : 0.0f;
  }
#endif
}

// Fetches columns column ... column + 15 of both factors' rows into buffer b.
template <int K>
static __device__ __forceinline__ void slice(int b, const float* rows, const float* columns, int column) {
  constexpr int WIDTH = ARITHMETIC == 0 ? 2 : 4;
  constexpr int PIECES = SLICE / WIDTH;
  int firstRow = (blockIdx.x / ((M + SHARE - 1) / SHARE)) * SHARE;
  int firstColumn = (blockIdx.x % ((M + SHARE - 1) / SHARE)) * SHARE;
#pragma unroll
  for (int i = threadIdx.x; i < SHARE * PIECES; i += 256) {
    int r = i / PIECES;
    int c = i % PIECES * WIDTH;
    fetch<K>(&slices[b][0][r * PITCH + c], rows, firstRow + r, N, column + c);
    fetch<K>(&slices[b][1][r * PITCH + c], columns, firstColumn + r, M, column + c);
  }
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;");
#endif
}

static __device__ __forceinline__ void arrived() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group 0;");
#endif
  __syncthreads();
}

#if ARITHMETIC == 0

// Thread (ty, tx) of 16 x 16 has rows ty + 16 i and columns tx + 16 j.
static __device__ __forceinline__ void multiply(float (&g)[64], const float* rows, const float* columns) {
  int tx = threadIdx.x % 16;
  int ty = threadIdx.x / 16;
#pragma unroll 2
  for (int k = 0; k < SLICE; k += 2) {
    float2 y[8];
#pragma unroll
    for (int j = 0; j < 8; ++j) {
      y[j] = *(const float2*)&columns[(tx + 16 * j) * PITCH + k];
    }
#pragma unroll
    for (int i = 0; i < 8; ++i) {
      float2 x = *(const float2*)&rows[(ty + 16 * i) * PITCH + k];
#pragma unroll
      for (int j = 0; j < 8; ++j) {
        g[8 * i + j] = fmaf(x.y, y[j].y, fmaf(x.x, y[j].x, g[8 * i + j]));
      }
    }
  }
}

static __device__ __forceinline__ int rowOf(int e) { return threadIdx.x / 16 + 16 * (e / 8); }
static __device__ __forceinline__ int columnOf(int e) { return threadIdx.x % 16 + 16 * (e % 8); }

#else

// Warp (wy, wx) of 2 x 4 has rows 64 wy ... and columns 32 wx ..., in 4 x 4 pieces of 16 x 8. Element e of a
// thread: piece e / 4, and there row g or g + 8 and columns 2 t, 2 t + 1, with g = lane / 4 and t = lane % 4.
static __device__ __forceinline__ int rowOf(int e) {
  int g = threadIdx.x % 32 / 4;
  return threadIdx.x / 128 * 64 + e / 16 * 16 + g + e % 4 / 2 * 8;
}
static __device__ __forceinline__ int columnOf(int e) {
  int t = threadIdx.x % 4;
  return threadIdx.x / 32 % 4 * 32 + e / 4 % 4 * 8 + 2 * t + e % 2;
}

static __device__ __forceinline__ unsigned int tf32(float x) {
  unsigned int y;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(x));
  return y;
}

static __device__ __forceinline__ void mma(float* c, const unsigned int* a, const unsigned int* b) {
#if ARITHMETIC == 3
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
#else
  asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
#endif
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

#if ARITHMETIC == 3

// Two neighbours as BF16, the first in the lower half.
static __device__ __forceinline__ unsigned int pair(const float* x) {
  float2 two = *(const float2*)x;
  unsigned int y;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(two.y), "f"(two.x));
  return y;
}

static __device__ __forceinline__ void multiply(float (&c)[64], const float* rows, const float* columns) {
  int g = threadIdx.x % 32 / 4;
  int t = threadIdx.x % 4;
  const float* x = rows + (threadIdx.x / 128 * 64 + g) * PITCH + 2 * t;
  const float* y = columns + (threadIdx.x / 32 % 4 * 32 + g) * PITCH + 2 * t;
  unsigned int b[4][2];
#pragma unroll
  for (int j = 0; j < 4; ++j) {
    b[j][0] = pair(y + 8 * j * PITCH);
    b[j][1] = pair(y + 8 * j * PITCH + 8);
  }
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    const float* r = x + 16 * i * PITCH;
    unsigned int a[4] = {pair(r), pair(r + 8 * PITCH), pair(r + 8), pair(r + 8 * PITCH + 8)};
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      mma(&c[16 * i + 4 * j], a, b[j]);
    }
  }
}

#else

static __device__ __forceinline__ void multiply(float (&c)[64], const float* rows, const float* columns) {
  int g = threadIdx.x % 32 / 4;
  int t = threadIdx.x % 4;
  const float* x = rows + (threadIdx.x / 128 * 64 + g) * PITCH + t;
  const float* y = columns + (threadIdx.x / 32 % 4 * 32 + g) * PITCH + t;
#pragma unroll
  for (int k = 0; k < SLICE; k += 8) {
    unsigned int b[4][2];
#if ARITHMETIC == 1
    unsigned int rest[4][2];
#endif
#pragma unroll
    for (int j = 0; j < 4; ++j) {
#pragma unroll
      for (int h = 0; h < 2; ++h) {
        float value = y[8 * j * PITCH + k + 4 * h];
        b[j][h] = tf32(value);
#if ARITHMETIC == 1
        rest[j][h] = tf32(value - __uint_as_float(b[j][h]));
#endif
      }
    }
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      unsigned int a[4];
#if ARITHMETIC == 1
      unsigned int less[4];
#endif
#pragma unroll
      for (int h = 0; h < 4; ++h) {
        float value = x[(16 * i + h % 2 * 8) * PITCH + k + h / 2 * 4];
        a[h] = tf32(value);
#if ARITHMETIC == 1
        less[h] = tf32(value - __uint_as_float(a[h]));
#endif
      }
#pragma unroll
      for (int j = 0; j < 4; ++j) {
#if ARITHMETIC == 1
        // The small products first; that of the two rests is below the last place.
        mma(&c[16 * i + 4 * j], less, b[j]);
        mma(&c[16 * i + 4 * j], a, rest[j]);
#endif
        mma(&c[16 * i + 4 * j], a, b[j]);
      }
    }
  }
}

#endif
#endif

// g = the share of X Y^T, X [N, K] and Y [M, K].
template <int K>
static __device__ __forceinline__ void gram(float (&g)[64], const float* x, const float* y) {
#pragma unroll
  for (int e = 0; e < 64; ++e) {
    g[e] = 0.0f;
  }
  slice<K>(0, x, y, 0);
  arrived();
  int b = 0;
#pragma unroll 1
  for (int column = SLICE; column < K; column += SLICE) {
    slice<K>(b ^ 1, x, y, column);
    multiply(g, slices[b][0], slices[b][1]);
    arrived();
    b ^= 1;
  }
  multiply(g, slices[b][0], slices[b][1]);
  __syncthreads();
}

static __device__ __forceinline__ void add(
    float (&sum)[64], const float (&left)[64], const float (&right)[64], float shift, float scale) {
#pragma unroll
  for (int e = 0; e < 64; ++e) {
    sum[e] = fmaf(scale * (left[e] + shift), right[e], sum[e]);
  }
}

static __device__ __forceinline__ void add(float (&sum)[64], const float (&right)[64], float scale) {
#pragma unroll
  for (int e = 0; e < 64; ++e) {
    sum[e] = fmaf(scale, right[e], sum[e]);
  }
}

extern "C" __global__ void __launch_bounds__(256, 1) tile(PARAMETERS float* result) {
  float sum[64], left[64], right[64];
#pragma unroll
  for (int e = 0; e < 64; ++e) {
    sum[e] = OFFSET;
    left[e] = 0.0f;
  }
CALLS
  int firstRow = (blockIdx.x / ((M + SHARE - 1) / SHARE)) * SHARE;
  int firstColumn = (blockIdx.x % ((M + SHARE - 1) / SHARE)) * SHARE;
#pragma unroll
  for (int e = 0; e < 64; ++e) {
    int row = firstRow + rowOf(e);
    int column = firstColumn + columnOf(e);
    if (row < N && column < M) {
      result[(size_t)row * M + column] = sum[e];
    }
  }
}
