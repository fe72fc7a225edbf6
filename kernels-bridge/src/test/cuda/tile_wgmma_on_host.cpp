// The kernels of tiles on Hopper on the host: 384 threads of the processor are a block, barriers in shared memory are
// counted, bulk copies copy at once and must lie in a packed factor, wgmma reads shared memory by its descriptors and the
// 128-byte swizzle, as NVIDIA's PTX manual has them. Checks index arithmetic, barriers and edges where there is no GPU;
// tile_wgmma_on_host.sh runs it. ARITHMETIC, N, M, OFFSET, STAGES, DOWN, ACROSS and BAND_ROWS are given by the script.

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <random>
#include <thread>

#include "on_host.h"

#define __cluster_dims__(...)
#define __syncwarp()

using std::min;
struct float4 { float x, y, z, w; };
struct uint4 { unsigned int x, y, z, w; };
static float2 make_float2(float x, float y) { return {x, y}; }
static float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
static uint4 make_uint4(unsigned int x, unsigned int y, unsigned int z, unsigned int w) { return {x, y, z, w}; }
static void __stcs(float2* at, float2 value) { *at = value; }
static thread_local Index threadIdx;
static thread_local Index blockIdx;
static Index gridDim;

static void require(bool holds, const char* what) {
  if (!holds) {
    std::printf("%s\n", what);
    std::exit(1);
  }
}

// A barrier of shared memory, and the barriers and stages of a block.
struct Barrier {
  int count = 0, pending = 0, bytes = 0;
  unsigned int phase = 0;
  void settle() {
    if (pending == 0 && bytes == 0) {
      phase ^= 1;
      pending = count;
    }
  }
};
constexpr int ROOM = 1 << 18;
struct Block {
  alignas(1024) unsigned char memory[ROOM];
  Barrier barriers[ROOM / 1024];
};
static std::vector<Block*> cluster;
static thread_local Block* mine;
static std::mutex lock;
static std::condition_variable changed;
static pthread_barrier_t together;
static pthread_barrier_t groups[8]; // of four warps, of all blocks of a cluster
static std::vector<std::pair<const unsigned char*, size_t>> factors;

// Barriers lie in the last KiB of a block's memory, stages in front.
#define full ((unsigned long long*)(mine->memory + ROOM - 1024))
#define empty ((unsigned long long*)(mine->memory + ROOM - 512))
#define stages (mine->memory)
typedef unsigned int u32;
typedef unsigned long long u64;
static u64 __cvta_generic_to_shared(const void* p) { return 0; } // in what shared() takes the place of
static u32 shared(const void* p) { return (u32)((const unsigned char*)p - mine->memory); }
static Barrier& at(Block* block, u32 address) { return block->barriers[(address - (ROOM - 1024)) / 8]; }
static void init(u32 barrier, int count) {
  at(mine, barrier).count = count;
  at(mine, barrier).pending = count;
}
static void await(u32 barrier, u32 parity) {
  std::unique_lock<std::mutex> held(lock);
  changed.wait(held, [&] { return at(mine, barrier).phase != parity; });
}
static void arrive(Block* block, u32 barrier, int bytes) {
  std::lock_guard<std::mutex> held(lock);
  Barrier& b = at(block, barrier);
  require(b.pending > 0, "one arrival too many");
  b.bytes += bytes;
  b.pending--;
  b.settle();
  changed.notify_all();
}
static void expect(u32 barrier, int bytes) { arrive(mine, barrier, bytes); }
static void arriveAt(u32 barrier, int block) { arrive(cluster[block], barrier, 0); }
static void copy(u32 to, const void* from, int bytes, u32 barrier, int mask, bool many) {
  const unsigned char* source = (const unsigned char*)from;
  bool inside = false;
  for (auto& factor : factors) {
    inside |= source >= factor.first && source + bytes <= factor.first + factor.second;
  }
  require(inside, "a copy from outside of the factors");
  for (size_t i = 0; i < cluster.size(); ++i) {
    bool wanted = many ? mask >> i & 1 : cluster[i] == mine;
    if (wanted) {
      require(to + bytes <= STAGES * 32768u, "a copy to outside of the stages");
      memcpy(cluster[i]->memory + to, source, bytes);
      std::lock_guard<std::mutex> held(lock);
      at(cluster[i], barrier).bytes -= bytes;
      at(cluster[i], barrier).settle();
      changed.notify_all();
    }
  }
}
static void clusterSync() { pthread_barrier_wait(&together); }

static u32 pair(float x, float y) { return bf16(y) << 16 | bf16(x); }

// Number k of a row of an operand that a descriptor tells of.
static float element(u64 descriptor, int row, int k) {
  require(descriptor >> 62 == 1 && (descriptor >> 32 & 0x3fff) == 64, "another layout than swizzled rows of 128 bytes");
  u32 start = (u32)(descriptor & 0x3fff) << 4;
  u32 plain = start + row / 8 * 1024 + row % 8 * 128 + k * (ARITHMETIC == 3 ? 2 : 4);
  u32 address = plain ^ (plain >> 7 & 7) << 4;
  if (ARITHMETIC == 3) {
    unsigned short half;
    memcpy(&half, mine->memory + address, 2);
    return __uint_as_float((u32)half << 16);
  }
  u32 word;
  memcpy(&word, mine->memory + address, 4);
  return __uint_as_float(word & ~0x1fffu); // tensor cores do not see the rest
}
static void multiply(float (&g)[64], u64 a, u64 b, int keep) {
  int lane = threadIdx.x % 32;
  for (int e = 0; e < 64; ++e) {
    int row = threadIdx.x / 32 % 4 * 16 + lane / 4 + e % 4 / 2 * 8;
    int column = e / 4 * 8 + lane % 4 * 2 + e % 2;
    float sum = keep ? g[e] : 0.0f;
    for (int k = 0; k < (ARITHMETIC == 3 ? 16 : 8); ++k) {
      sum += element(a, row, k) * element(b, column, k);
    }
    g[e] = sum;
  }
  // An instruction of the whole group: nobody goes on before all have read.
  int block = std::find(cluster.begin(), cluster.end(), mine) - cluster.begin();
  pthread_barrier_wait(&groups[2 * block + threadIdx.x / 128 - 1]);
}

#include "wgmma_host.inc"

int main() {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  int inner[] = {41, 24, 1, 130, 64};
  std::vector<std::vector<float>> plain;
  std::vector<std::vector<unsigned char>> packed;
  for (int k : inner) {
    for (int rows : {N, M}) {
      plain.emplace_back(rows * k + 1);
      for (float& x : plain.back()) {
        x = normal(random);
      }
      int pieces = (rows + 127) / 128 * ((k + WIDTH - 1) / WIDTH);
      packed.emplace_back((size_t)pieces * STRIDE);
      for (blockIdx.x = 0; blockIdx.x < pieces; ++blockIdx.x) {
        for (threadIdx.x = 0; threadIdx.x < 256; ++threadIdx.x) {
          pack(plain.back().data(), packed.back().data(), rows, k);
        }
      }
    }
  }
  std::vector<unsigned char*> f;
  for (auto& one : packed) {
    factors.emplace_back(one.data(), one.size());
    f.push_back(one.data());
  }
  std::vector<float> result(N * M, NAN);
  gridDim.x = GRID;
  int size = DOWN * ACROSS;
  pthread_barrier_init(&together, nullptr, 384 * size);
  for (auto& group : groups) {
    pthread_barrier_init(&group, nullptr, 128);
  }
  for (int first = 0; first < gridDim.x; first += size) {
    cluster.clear();
    std::vector<std::thread> threads;
    for (int b = 0; b < size; ++b) {
      cluster.push_back(new (std::align_val_t(1024)) Block());
    }
    for (int t = 0; t < 384 * size; ++t) {
      threads.emplace_back([&, t] {
        mine = cluster[t / 384];
        blockIdx.x = first + t / 384;
        threadIdx.x = t % 384;
        tile(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], result.data());
      });
    }
    for (auto& thread : threads) {
      thread.join();
    }
    for (Block* block : cluster) {
      ::operator delete(block, std::align_val_t(1024));
    }
  }
  Errors errors;
  for (int i = 0; i < N; ++i) {
    for (int j = 0; j < M; ++j) {
      double exact = (dot(plain[0], i, plain[1], j, 41) + 1) * dot(plain[2], i, plain[3], j, 24);
      exact += 0.5 * dot(plain[4], i, plain[5], j, 1) + OFFSET;
      exact += 2 * (dot(plain[6], i, plain[7], j, 130) + 0.5) * dot(plain[8], i, plain[9], j, 64);
      errors.add(exact, result[i * M + j]);
    }
  }
  double allowed[] = {0, 1e-6, 3e-3, 3e-2};
  std::printf(
      "arithmetic %d, %d x %d blocks a cluster, %d x %d: largest error %.1e of the largest element\n",
      ARITHMETIC, DOWN, ACROSS, N, M, errors.relative());
  return errors.relative() <= allowed[ARITHMETIC] ? 0 : 1;
}
