// A tile [N, M] on sm_90a from factors packed by pack.cu: the sum over terms of scale (A A'^T + shift) o (D D'^T),
// written once. A block of three groups of four warps forms 128 x 128 elements at a time: one thread brings pieces of
// factors to shared memory by bulk copies, STAGES of them in turn; two groups multiply them (wgmma) and keep three sets
// of 64 numbers a thread in registers: the sum, and the two Gram matrices of a term. The DOWN x ACROSS blocks of a
// cluster bring what they share once. After the warp-specialised persistent kernels of NVIDIA's CUTLASS 3
// ("Efficient GEMM in CUDA"); layouts and instructions as the PTX ISA has them.
//
// ARITHMETIC: 1 3xTF32, 2 TF32, 3 BF16. Tensor cores cut off what does not fit when they add, so for 3xTF32 they add up
// CHUNK slices at a time, the small products first, and what comes out is added in floats; the sum over terms is in
// shared memory then.

#define SHARE 128
#define PIECE 16384
#define STAGE (2 * PIECE)

#if ARITHMETIC == 1
#define STRIDE (2 * PIECE)
#define CHUNK 4
#define PASSES 3
#else
#define STRIDE PIECE
#define CHUNK SLICES
#define PASSES 1
#endif

typedef unsigned int u32;
typedef unsigned long long u64;

static __device__ __forceinline__ u32 shared(const void* p) { return (u32)__cvta_generic_to_shared(p); }

static __device__ __forceinline__ void init(u32 barrier, int count) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(count));
}

static __device__ __forceinline__ void await(u32 barrier, u32 parity) {
  asm volatile(
      "{\n.reg .pred done;\n"
      "AGAIN:\nmbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n@done bra DONE;\nbra AGAIN;\nDONE:\n}"
      ::"r"(barrier), "r"(parity) : "memory");
}

static __device__ __forceinline__ void expect(u32 barrier, int bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes) : "memory");
}

static __device__ __forceinline__ void arriveAt(u32 barrier, int block) {
  asm volatile(
      "{\n.reg .b32 there;\nmapa.shared::cluster.u32 there, %0, %1;\n"
      "mbarrier.arrive.shared::cluster.b64 _, [there];\n}" ::"r"(barrier), "r"(block) : "memory");
}

// Copies bytes to the same place of every block of the cluster in mask.
static __device__ __forceinline__ void copy(u32 to, const void* from, int bytes, u32 barrier, int mask, bool many) {
  if (many) {
    asm volatile(
        "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes.multicast::cluster [%0], [%1], %2, [%3], %4;"
        ::"r"(to), "l"(from), "r"(bytes), "r"(barrier), "h"((unsigned short)mask) : "memory");
  } else {
    asm volatile(
        "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];"
        ::"r"(to), "l"(from), "r"(bytes), "r"(barrier) : "memory");
  }
}

static __device__ __forceinline__ void clusterSync() {
  asm volatile("barrier.cluster.arrive.release.aligned;\nbarrier.cluster.wait.acquire.aligned;" ::: "memory");
}

// A turn of the ring of stages.
struct Ring {
  int stage;
  u32 parity;
  __device__ __forceinline__ void next() {
    if (++stage == STAGES) {
      stage = 0;
      parity ^= 1;
    }
  }
};

extern __shared__ __align__(1024) unsigned char stages[];
__shared__ __align__(8) u64 full[STAGES];
__shared__ __align__(8) u64 empty[STAGES];

// ---- the producer's thread ----

// Brings the pieces of 128 rows of both factors. Blocks of a cluster that need the same piece bring a part each.
template <int SLICES>
static __device__ __forceinline__ void bring(
    Ring& ring, const unsigned char* x, const unsigned char* y, int rowBlock, int columnBlock, int row, int column) {
  constexpr int A = PIECE / ACROSS;
  constexpr int B = PIECE / DOWN;
  const unsigned char* a = x + (size_t)rowBlock * SLICES * STRIDE + column * A;
  const unsigned char* b = y + (size_t)columnBlock * SLICES * STRIDE + row * B;
  int rowMask = ((1 << ACROSS) - 1) << (row * ACROSS);
  int columnMask = 0;
#pragma unroll
  for (int i = 0; i < DOWN; ++i) {
    columnMask |= 1 << (i * ACROSS + column);
  }
#pragma unroll 1
  for (int chunk = 0; chunk < SLICES; chunk += CHUNK) {
#pragma unroll 1
    for (int pass = 0; pass < PASSES; ++pass) {
      int restOfA = PASSES > 1 && pass == 0 ? PIECE : 0;
      int restOfB = PASSES > 1 && pass == 1 ? PIECE : 0;
#pragma unroll 1
      for (int s = chunk; s < min(chunk + CHUNK, SLICES); ++s) {
        u32 there = shared(&full[ring.stage]);
        u32 stage = shared(stages) + ring.stage * STAGE;
        await(shared(&empty[ring.stage]), ring.parity ^ 1);
        expect(there, STAGE);
        copy(stage + column * A, a + (size_t)s * STRIDE + restOfA, A, there, rowMask, ACROSS > 1);
        copy(stage + PIECE + row * B, b + (size_t)s * STRIDE + restOfB, B, there, columnMask, DOWN > 1);
        ring.next();
      }
    }
  }
}

// ---- the consumers, two groups of four warps ----

static __device__ __forceinline__ u64 descriptor(u32 address) {
  return (u64)((address & 0x3ffff) >> 4) | 1ull << 16 | (u64)(1024 >> 4) << 32 | 1ull << 62;
}

static __device__ __forceinline__ void multiply(float (&g)[64], u64 a, u64 b, int keep) {
  asm volatile(
      "{\n.reg .pred p;\nsetp.ne.b32 p, %66, 0;\n"
#if ARITHMETIC == 3
      "wgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16 "
#else
      "wgmma.mma_async.sync.aligned.m64n128k8.f32.tf32.tf32 "
#endif
      "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
      "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
      "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
      "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63}, "
#if ARITHMETIC == 3
      "%64, %65, p, 1, 1, 0, 0;\n}"
#else
      "%64, %65, p, 1, 1;\n}"
#endif
      : "+f"(g[0]), "+f"(g[1]), "+f"(g[2]), "+f"(g[3]), "+f"(g[4]), "+f"(g[5]), "+f"(g[6]), "+f"(g[7]),
        "+f"(g[8]), "+f"(g[9]), "+f"(g[10]), "+f"(g[11]), "+f"(g[12]), "+f"(g[13]), "+f"(g[14]), "+f"(g[15]),
        "+f"(g[16]), "+f"(g[17]), "+f"(g[18]), "+f"(g[19]), "+f"(g[20]), "+f"(g[21]), "+f"(g[22]), "+f"(g[23]),
        "+f"(g[24]), "+f"(g[25]), "+f"(g[26]), "+f"(g[27]), "+f"(g[28]), "+f"(g[29]), "+f"(g[30]), "+f"(g[31]),
        "+f"(g[32]), "+f"(g[33]), "+f"(g[34]), "+f"(g[35]), "+f"(g[36]), "+f"(g[37]), "+f"(g[38]), "+f"(g[39]),
        "+f"(g[40]), "+f"(g[41]), "+f"(g[42]), "+f"(g[43]), "+f"(g[44]), "+f"(g[45]), "+f"(g[46]), "+f"(g[47]),
        "+f"(g[48]), "+f"(g[49]), "+f"(g[50]), "+f"(g[51]), "+f"(g[52]), "+f"(g[53]), "+f"(g[54]), "+f"(g[55]),
        "+f"(g[56]), "+f"(g[57]), "+f"(g[58]), "+f"(g[59]), "+f"(g[60]), "+f"(g[61]), "+f"(g[62]), "+f"(g[63])
      : "l"(a), "l"(b), "r"(keep));
}

// Tells every block that writes to a stage of this one that this group has read it: those of its row, then the others
// of its column.
static __device__ __forceinline__ void release(int stage, int row, int column) {
  int i = threadIdx.x % 128;
  int other = i - ACROSS;
  int block = i < ACROSS ? row * ACROSS + i : (other + (other >= row)) * ACROSS + column;
  if (i < ACROSS + DOWN - 1) {
    arriveAt(shared(&empty[stage]), block);
  }
}

// g = the sum of the products of so many stages, 64 x 128 elements.
static __device__ __forceinline__ void products(float (&g)[64], int count, Ring& ring, int row, int column) {
  int before = 0;
#pragma unroll 1
  for (int s = 0; s < count; ++s) {
    u32 stage = shared(stages) + ring.stage * STAGE;
    u64 a = descriptor(stage + (threadIdx.x / 128 - 1) * (PIECE / 2));
    u64 b = descriptor(stage + PIECE);
    await(shared(&full[ring.stage]), ring.parity);
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#pragma unroll
    for (int k = 0; k < 4; ++k) {
      multiply(g, a + 2 * k, b + 2 * k, s > 0 || k > 0);
    }
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
    if (s > 0) {
      asm volatile("wgmma.wait_group.sync.aligned 1;" ::: "memory");
      release(before, row, column);
    }
    before = ring.stage;
    ring.next();
  }
  asm volatile("wgmma.wait_group.sync.aligned 0;" ::: "memory");
#pragma unroll
  for (int e = 0; e < 64; ++e) {
    asm volatile("" : "+f"(g[e])::"memory"); // whoever reads them comes after the wait
  }
  release(before, row, column);
}

// g = X Y^T.
template <int SLICES>
static __device__ __forceinline__ void gram(float (&g)[64], Ring& ring, int row, int column) {
#if ARITHMETIC == 1
#pragma unroll
  for (int e = 0; e < 64; ++e) {
    g[e] = 0.0f;
  }
#pragma unroll 1
  for (int chunk = 0; chunk < SLICES; chunk += CHUNK) {
    float part[64];
    products(part, PASSES * min(CHUNK, SLICES - chunk), ring, row, column);
#pragma unroll
    for (int e = 0; e < 64; ++e) {
      g[e] += part[e];
    }
  }
#else
  products(g, SLICES, ring, row, column);
#endif
}

// The sum over terms of a thread's 64 elements.
#if ARITHMETIC == 1
struct Sum {
  float* own;
  __device__ __forceinline__ Sum() : own((float*)(stages + STAGES * STAGE) + threadIdx.x - 128) {}
  __device__ __forceinline__ float& operator[](int e) { return own[e * 256]; }
};
#else
struct Sum {
  float own[64];
  __device__ __forceinline__ float& operator[](int e) { return own[e]; }
};
#endif

[[maybe_unused]] static __device__ __forceinline__ void add(
    Sum& sum, const float (&left)[64], const float (&right)[64], float shift, float scale) {
#pragma unroll
  for (int e = 0; e < 64; ++e) {
    sum[e] = fmaf(scale * (left[e] + shift), right[e], sum[e]);
  }
}

[[maybe_unused]] static __device__ __forceinline__ void add(Sum& sum, const float (&right)[64], float scale) {
#pragma unroll
  for (int e = 0; e < 64; ++e) {
    sum[e] = fmaf(scale, right[e], sum[e]);
  }
}

// Element e of a thread: in its warp's 16 rows, row g or g + 8; column 8 (e / 4) + 2 t or the next; g = lane / 4 and
// t = lane % 4.
static __device__ __forceinline__ void store(float* result, Sum& sum, int rowBlock, int columnBlock) {
  int row = rowBlock * SHARE + (threadIdx.x / 32 - 4) * 16 + threadIdx.x % 32 / 4;
  int column = columnBlock * SHARE + 2 * (threadIdx.x % 4);
#pragma unroll
  for (int e = 0; e < 64; e += 2) {
    int r = row + e % 4 / 2 * 8;
    int c = column + e / 4 * 8;
    float* at = result + (size_t)r * M + c;
    if (r < N && M % 2 == 0 && (size_t)result % 8 == 0) {
      if (c < M) {
        __stcs((float2*)at, make_float2(sum[e], sum[e + 1]));
      }
    } else if (r < N) {
      if (c < M) {
        at[0] = sum[e];
      }
      if (c + 1 < M) {
        at[1] = sum[e + 1];
      }
    }
  }
}

#define ROW_BLOCKS ((N + SHARE - 1) / SHARE)
#define COLUMN_BLOCKS ((M + SHARE - 1) / SHARE)
#define CLUSTER_ROWS ((ROW_BLOCKS + DOWN - 1) / DOWN)
#define CLUSTER_COLUMNS ((COLUMN_BLOCKS + ACROSS - 1) / ACROSS)
// Clusters work on bands of so many rows of clusters, down first: what they read at a time stays in the L2 cache.
#define BAND (BAND_ROWS / DOWN)

struct Place {
  int rows, columns;
  __device__ __forceinline__ Place(int job) {
    int band = job / (BAND * CLUSTER_COLUMNS);
    int height = min(BAND, CLUSTER_ROWS - band * BAND);
    int within = job - band * BAND * CLUSTER_COLUMNS;
    rows = band * BAND + within % height;
    columns = within / height;
  }
};

extern "C" __global__ void __cluster_dims__(DOWN * ACROSS, 1, 1) __launch_bounds__(384, 1)
    tile(PARAMETERS float* result) {
  int rank = blockIdx.x % (DOWN * ACROSS);
  int row = rank / ACROSS;
  int column = rank % ACROSS;
  if (threadIdx.x == 0) {
    for (int s = 0; s < STAGES; ++s) {
      init(shared(&full[s]), 1);
      init(shared(&empty[s]), 2 * (DOWN + ACROSS - 1));
    }
    asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
  }
  clusterSync();
  int clusters = gridDim.x / (DOWN * ACROSS);
  Ring ring = {0, 0};
  if (threadIdx.x < 128) {
    asm volatile("setmaxnreg.dec.sync.aligned.u32 40;");
    if (threadIdx.x == 0) {
      for (int job = blockIdx.x / (DOWN * ACROSS); job < CLUSTER_ROWS * CLUSTER_COLUMNS; job += clusters) {
        Place place(job);
        int rowBlock = min(place.rows * DOWN + row, ROW_BLOCKS - 1);
        int columnBlock = min(place.columns * ACROSS + column, COLUMN_BLOCKS - 1);
PRODUCER
      }
    }
  } else {
    asm volatile("setmaxnreg.inc.sync.aligned.u32 232;");
    for (int job = blockIdx.x / (DOWN * ACROSS); job < CLUSTER_ROWS * CLUSTER_COLUMNS; job += clusters) {
      Place place(job);
      Sum sum;
      float left[64], right[64];
#pragma unroll
      for (int e = 0; e < 64; ++e) {
        sum[e] = OFFSET;
        left[e] = 0.0f;
        right[e] = 0.0f;
      }
CONSUMER
      store(result, sum, place.rows * DOWN + row, place.columns * ACROSS + column);
    }
  }
  __syncwarp(); // the producer's warp comes from a branch of its own
  clusterSync();
}
