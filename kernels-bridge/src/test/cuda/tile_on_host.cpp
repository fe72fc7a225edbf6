// The tile kernel on the host: 256 threads of the processor are a block, mma.sync is computed from the layouts of
// fragments in NVIDIA's PTX manual. Checks the kernel's index arithmetic where there is no GPU; tile_on_host.sh runs it.
// ARITHMETIC, N, M, OFFSET, K1, K2 and K3 are given by the script.

#include <pthread.h>

#include <cstdio>
#include <random>
#include <thread>

#include "on_host.h"

#define __align__(n) __attribute__((aligned(n)))
#define __shared__ static

static thread_local Index threadIdx;
static Index blockIdx;
static pthread_barrier_t block;
static pthread_barrier_t warps[8];

static void __syncthreads() { pthread_barrier_wait(&block); }
static unsigned int pair(const float* x) { return bf16(x[1]) << 16 | bf16(x[0]); }

static unsigned int fragmentA[8][32][4];
static unsigned int fragmentB[8][32][2];

static float half(unsigned int two, int which) { return __uint_as_float(which ? two & 0xffff0000u : two << 16); }

static float a(int w, int row, int k) {
#if ARITHMETIC == 3
  return half(fragmentA[w][row % 8 * 4 + k % 8 / 2][(row >= 8) + 2 * (k >= 8)], k % 2);
#else
  return __uint_as_float(fragmentA[w][row % 8 * 4 + k % 4][(row >= 8) + 2 * (k >= 4)]);
#endif
}

static float b(int w, int k, int column) {
#if ARITHMETIC == 3
  return half(fragmentB[w][column * 4 + k % 8 / 2][k >= 8], k % 2);
#else
  return __uint_as_float(fragmentB[w][column * 4 + k % 4][k >= 4]);
#endif
}

static void mma(float* c, const unsigned int* x, const unsigned int* y) {
  int w = threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  memcpy(fragmentA[w][lane], x, 16);
  memcpy(fragmentB[w][lane], y, 8);
  pthread_barrier_wait(&warps[w]);
  for (int e = 0; e < 4; ++e) {
    for (int k = 0; k < (ARITHMETIC == 3 ? 16 : 8); ++k) {
      c[e] += a(w, lane / 4 + e / 2 * 8, k) * b(w, k, lane % 4 * 2 + e % 2);
    }
  }
  pthread_barrier_wait(&warps[w]);
}

#include "tile_host.inc"

int main() {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> f;
  for (int k : {K1, K2, K3}) {
    for (int rows : {N, M}) {
      f.emplace_back(rows * k);
      for (float& x : f.back()) {
        x = normal(random);
      }
    }
  }
  std::vector<float> result(N * M, NAN);
  pthread_barrier_init(&block, nullptr, 256);
  for (auto& warp : warps) {
    pthread_barrier_init(&warp, nullptr, 32);
  }
  int blocks = (N + 127) / 128 * ((M + 127) / 128);
  for (blockIdx.x = 0; blockIdx.x < blocks; ++blockIdx.x) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 256; ++t) {
      threads.emplace_back([&, t] {
        threadIdx.x = t;
        tile(f[0].data(), f[1].data(), f[2].data(), f[3].data(), f[4].data(), f[5].data(), result.data());
      });
    }
    for (auto& thread : threads) {
      thread.join();
    }
  }
  Errors errors;
  for (int i = 0; i < N; ++i) {
    for (int j = 0; j < M; ++j) {
      double exact = (dot(f[0], i, f[1], j, K1) + 1) * dot(f[2], i, f[3], j, K2) + 0.5 * dot(f[4], i, f[5], j, K3) + OFFSET;
      errors.add(exact, result[i * M + j]);
    }
  }
  double allowed[] = {1e-6, 1e-6, 3e-3, 3e-2};
  std::printf("arithmetic %d: largest error %.1e of the largest element\n", ARITHMETIC, errors.relative());
  return errors.relative() <= allowed[ARITHMETIC] ? 0 : 1;
}
