package dev.tangents.exec.nd4j;

/**
 * Functions of two numbers, over Java arrays. In Java and not in ND4J: since 1.0.0-M2 ND4J's
 * two-operand operations allocate a native context a call (28 us, against 0.3 us here for 64
 * numbers; 0.45 against 0.49 ns a number for 262,144), its max and min lose NaN, and its comparison
 * needs an array of booleans. The loops are written out so that the compiler vectorises each.
 */
enum PairKernel {
  /** a + b. */
  ADD {
    @Override
    void apply(float[] a, float[] b, float[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = a[i] + b[i];
      }
    }

    @Override
    void apply(double[] a, double[] b, double[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = a[i] + b[i];
      }
    }
  },
  /** a - b. */
  SUB {
    @Override
    void apply(float[] a, float[] b, float[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = a[i] - b[i];
      }
    }

    @Override
    void apply(double[] a, double[] b, double[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = a[i] - b[i];
      }
    }
  },
  /** a b. */
  MUL {
    @Override
    void apply(float[] a, float[] b, float[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = a[i] * b[i];
      }
    }

    @Override
    void apply(double[] a, double[] b, double[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = a[i] * b[i];
      }
    }
  },
  /** a / b. */
  DIV {
    @Override
    void apply(float[] a, float[] b, float[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = a[i] / b[i];
      }
    }

    @Override
    void apply(double[] a, double[] b, double[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = a[i] / b[i];
      }
    }
  },
  /** The larger; NaN if either is. */
  MAX {
    @Override
    void apply(float[] a, float[] b, float[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = Math.max(a[i], b[i]);
      }
    }

    @Override
    void apply(double[] a, double[] b, double[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = Math.max(a[i], b[i]);
      }
    }
  },
  /** The smaller; NaN if either is. */
  MIN {
    @Override
    void apply(float[] a, float[] b, float[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = Math.min(a[i], b[i]);
      }
    }

    @Override
    void apply(double[] a, double[] b, double[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = Math.min(a[i], b[i]);
      }
    }
  },
  /** 1 where a &gt; b, else 0. */
  GREATER {
    @Override
    void apply(float[] a, float[] b, float[] z, int n) {
      for (int i = 0; i < n; i++) {
        int one = a[i] > b[i] ? 1 : 0; // a whole number is chosen without a branch
        z[i] = one;
      }
    }

    @Override
    void apply(double[] a, double[] b, double[] z, int n) {
      for (int i = 0; i < n; i++) {
        int one = a[i] > b[i] ? 1 : 0;
        z[i] = one;
      }
    }
  },
  /** a to the b. */
  POW {
    @Override
    void apply(float[] a, float[] b, float[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = (float) Math.pow(a[i], b[i]);
      }
    }

    @Override
    void apply(double[] a, double[] b, double[] z, int n) {
      for (int i = 0; i < n; i++) {
        z[i] = Math.pow(a[i], b[i]);
      }
    }
  };

  /** z_i = f(a_i, b_i) for i below n. */
  abstract void apply(float[] a, float[] b, float[] z, int n);

  /** z_i = f(a_i, b_i) for i below n. */
  abstract void apply(double[] a, double[] b, double[] z, int n);
}
