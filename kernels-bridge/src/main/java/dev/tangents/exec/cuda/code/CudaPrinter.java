package dev.tangents.exec.cuda.code;

import com.google.errorprone.annotations.FormatMethod;
import dev.tangents.exec.Precision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Prints kernels as CUDA C. */
public final class CudaPrinter {
  private static final String INDENT = "  ";

  private final StringBuilder text = new StringBuilder();
  private final Kernel.Scale scale;

  private CudaPrinter(Kernel.Scale scale) {
    this.scale = scale;
  }

  /** What stands before all kernels: the width of a real, and functions as Java defines them. */
  public static String prelude(Precision precision) {
    return String.format(
        Locale.ROOT,
        """
        typedef %s real;
        template <typename T> static __device__ __forceinline__ T maximum(T a, T b) {
          return a != a || b != b ? a + b : a > b || (a == b && !signbit((double)a)) ? a : b;
        }
        template <typename T> static __device__ __forceinline__ T minimum(T a, T b) {
          return a != a || b != b ? a + b : a < b || (a == b && signbit((double)a)) ? a : b;
        }
        template <typename T> static __device__ __forceinline__ T power(T a, T b) {
          return b != b || (isinf(b) && fabs(a) == (T)1) ? b - b + (T)0 * b : pow(a, b);
        }
        #define FOLD(name, how) \\
        static __device__ double name(double x) { \\
          __shared__ double part[%d]; \\
          part[threadIdx.x] = x; \\
          __syncthreads(); \\
          for (int half = %d; half > 0; half /= 2) { \\
            if (threadIdx.x < half) { \\
              part[threadIdx.x] = how(part[threadIdx.x], part[threadIdx.x + half]); \\
            } \\
            __syncthreads(); \\
          } \\
          double result = part[0]; \\
          __syncthreads(); \\
          return result; \\
        }
        static __device__ __forceinline__ double plus(double a, double b) { return a + b; }
        FOLD(blockSum, plus)
        FOLD(blockMaximum, maximum)
        FOLD(blockMinimum, minimum)
        """,
        precision == Precision.FLOAT ? "float" : "double",
        Kernel.BLOCK,
        Kernel.BLOCK / 2);
  }

  /** The parameters and the body of a kernel: all of it but its name. */
  private static String printed(Kernel kernel) {
    CudaPrinter printer = new CudaPrinter(kernel.scale());
    StringBuilder parameters = new StringBuilder();
    for (int i = 0; i < kernel.buffers().size(); i++) {
      Kernel.Buffer buffer = kernel.buffers().get(i);
      String type = type(buffer.kind());
      parameters
          .append(i == 0 ? "" : ", ")
          .append(buffer.written() ? type + "* b" : "const " + type + "* __restrict__ b")
          .append(i);
    }
    String counter = kernel.instance().name();
    if (kernel.scale() == Kernel.Scale.THREAD) {
      printer.line(1, "unsigned int id = blockIdx.x * %du + threadIdx.x;", Kernel.BLOCK);
      printer.line(1, "if (id >= %du) return;", kernel.instances());
      printer.line(1, "int %s = (int)id;", counter);
    } else {
      printer.line(1, "int %s = (int)blockIdx.x;", counter);
    }
    printer.block(kernel.body(), 1);
    return "(%s) {%n%s}%n".formatted(parameters, printer.text).replace("\r", "");
  }

  /** The kernel's name: a hash of its text, so that equal kernels are one. */
  public static String name(Kernel kernel) {
    return "k" + hash(printed(kernel)).substring(0, 16);
  }

  /** The kernel with that name, callable from outside. */
  public static String source(Kernel kernel) {
    String body = printed(kernel);
    return String.format(
        Locale.ROOT,
        "extern \"C\" __global__ void __launch_bounds__(%d) k%s%s",
        Kernel.BLOCK,
        hash(body).substring(0, 16),
        body);
  }

  /** SHA-256 of a text, in hexadecimal digits. */
  public static String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  @FormatMethod
  private void line(int depth, String format, Object... values) {
    text.append(INDENT.repeat(depth))
        .append(String.format(Locale.ROOT, format, values))
        .append('\n');
  }

  private void block(List<Stmt> statements, int depth) {
    statements.forEach(statement -> statement(statement, depth));
  }

  private void statement(Stmt statement, int depth) {
    if (statement instanceof Stmt.Let let) {
      line(
          depth,
          "%s %s = %s;",
          type(let.variable().kind()),
          let.variable().name(),
          of(let.value()));
    } else if (statement instanceof Stmt.Set set) {
      line(depth, "%s = %s;", set.variable().name(), of(set.value()));
    } else if (statement instanceof Stmt.Store store) {
      line(depth, "b%d[%s] = %s;", store.buffer(), of(store.at()), of(store.value()));
    } else if (statement instanceof Stmt.If test) {
      line(depth, "if (%s) {", of(test.condition()));
      block(test.body(), depth + 1);
      line(depth, "}");
    } else if (statement instanceof Stmt.For loop) {
      inOrder(loop.variable().name(), loop.from(), loop.to(), depth);
      block(loop.body(), depth + 1);
      line(depth, "}");
    } else if (statement instanceof Stmt.Share loop) {
      range(loop.variable().name(), loop.from(), loop.to(), depth);
      block(loop.body(), depth + 1);
      line(depth, "}");
      if (scale == Kernel.Scale.BLOCK) {
        line(depth, "__syncthreads();");
      }
    } else if (statement instanceof Stmt.Fold fold) {
      fold(fold, depth);
    }
  }

  private void inOrder(String i, Expr from, Expr to, int depth) {
    line(depth, "for (int %s = %s; %s < %s; ++%s) {", i, of(from), i, of(to), i);
  }

  /** A loop that the threads of a block share, where a block is one instance. */
  private void range(String i, Expr from, Expr to, int depth) {
    if (scale == Kernel.Scale.THREAD) {
      inOrder(i, from, to, depth);
      return;
    }
    line(
        depth,
        "for (int %s = %s + (int)threadIdx.x; %s < %s; %s += %d) {",
        i,
        of(from),
        i,
        of(to),
        i,
        Kernel.BLOCK);
  }

  private void fold(Stmt.Fold fold, int depth) {
    String result = fold.result().name();
    String i = fold.variable().name();
    line(depth, "double %s = %s;", result, number(new Expr.Num(Kind.WIDE, fold.neutral())));
    range(i, fold.from(), fold.to(), depth);
    block(fold.body(), depth + 1);
    line(depth + 1, "%s = %s;", result, fold.how().printed(result, of(fold.value())));
    line(depth, "}");
    if (scale == Kernel.Scale.BLOCK) {
      String whole =
          fold.how() == Op.ADD
              ? "blockSum"
              : fold.how() == Op.MAX ? "blockMaximum" : "blockMinimum";
      line(depth, "%s = %s(%s);", result, whole, result);
    }
  }

  private static String of(Expr expr) {
    if (expr instanceof Expr.Num num) {
      return number(num);
    }
    if (expr instanceof Expr.Var var) {
      return var.name();
    }
    if (expr instanceof Expr.Load load) {
      return String.format(Locale.ROOT, "b%d[%s]", load.buffer(), of(load.at()));
    }
    Expr.Apply apply = (Expr.Apply) expr;
    return apply.op().printed(apply.arguments().stream().map(CudaPrinter::of).toArray());
  }

  /** A number to its last bit; infinities and NaN by their bits. */
  private static String number(Expr.Num num) {
    if (num.kind() == Kind.INT) {
      return Long.toString((long) num.value());
    }
    if (num.kind() == Kind.BOOL) {
      return num.value() == 0 ? "false" : "true";
    }
    String digits =
        Double.isFinite(num.value())
            ? Double.toHexString(num.value())
            : "__longlong_as_double(0x%xLL)".formatted(Double.doubleToLongBits(num.value()));
    return num.kind() == Kind.REAL ? "((real)" + digits + ")" : digits;
  }

  private static String type(Kind kind) {
    return switch (kind) {
      case INT -> "int";
      case REAL -> "real";
      case WIDE -> "double";
      case BOOL -> "bool";
    };
  }
}
