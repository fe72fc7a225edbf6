package dev.tangents.exec.cuda.driver;

/** The functions of a native library, by name; in tests, of none. */
interface NativeCalls {
  /** The number that function {@code name} returns. */
  int call(String name, Object... arguments);

  /** Whether there is a function of that name. */
  boolean has(String name);

  /** Where they are from. */
  String file();
}
