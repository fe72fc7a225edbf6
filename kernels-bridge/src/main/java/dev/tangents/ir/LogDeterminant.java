package dev.tangents.ir;

/**
 * A determinant in factors, which neither overflows nor underflows: its sign is the product over
 * the elements of {@code sign}, and ln |det| the sum over those of {@code log}.
 *
 * @param sign 1, -1 or 0, of any shape
 * @param log logarithms of magnitudes, of the same shape; - infinity where the sign is 0
 */
public record LogDeterminant(Value sign, Value log) {}
