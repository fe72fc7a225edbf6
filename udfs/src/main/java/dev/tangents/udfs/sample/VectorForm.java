package dev.tangents.udfs.sample;

import java.io.Serializable;

/**
 * What a vector beside the features must be.
 *
 * @param noun what one of its numbers is called in a message
 * @param length how many numbers its column has
 * @param rule what the numbers mean
 */
public record VectorForm(String noun, int length, Rule rule) implements Serializable {
  /** Takes the numbers of a row as they are used, or says what is wrong with them. */
  @FunctionalInterface
  public interface Rule extends Serializable {
    /**
     * The numbers as they are used.
     *
     * @throws IllegalArgumentException whose message says what is wrong
     */
    double[] apply(double... numbers);
  }

  /** Numbers that stay as they are. */
  public static VectorForm plain(String noun, int length) {
    return new VectorForm(noun, length, numbers -> numbers);
  }
}
