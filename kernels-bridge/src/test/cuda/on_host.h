// What the kernels' tests on the host share: CUDA's words, roundings of tensor cores, sums in double.

#include <cmath>
#include <cstring>
#include <vector>

#define __device__
#define __forceinline__ inline
#define __global__
#define __launch_bounds__(...)
#define volatile
#define asm(...)

struct float2 { float x, y; };
struct Index { int x; };

static float __uint_as_float(unsigned int x) {
  float y;
  memcpy(&y, &x, 4);
  return y;
}

static unsigned int bits(float x) {
  unsigned int y;
  memcpy(&y, &x, 4);
  return y;
}

// cvt.rna.tf32: 13 bits less, ties away from zero. cvt.rn.bf16x2: 16 bits less, ties to even.
static unsigned int tf32(float x) { return (bits(x) + 0x1000u) & ~0x1fffu; }
static unsigned int bf16(float x) { return (bits(x) + 0x7fffu + (bits(x) >> 16 & 1u)) >> 16; }

static double dot(const std::vector<float>& x, int i, const std::vector<float>& y, int j, int k) {
  double sum = 0;
  for (int l = 0; l < k; ++l) {
    sum += (double)x[i * k + l] * y[j * k + l];
  }
  return sum;
}

// How far found numbers are from exact ones, and the largest of these.
struct Errors {
  double worst = 0, largest = 0;
  void add(double exact, float found) {
    double error = std::fabs(exact - found);
    worst = std::isnan(error) ? INFINITY : std::fmax(worst, error);
    largest = std::fmax(largest, std::fabs(exact));
  }
  double relative() { return worst / largest; }
};
