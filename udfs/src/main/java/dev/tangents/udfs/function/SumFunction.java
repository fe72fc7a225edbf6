package dev.tangents.udfs.function;

import java.util.List;

/** A function that gives a value for a group of rows, from a sum over them. */
public abstract class SumFunction extends SqlFunction<SumResult> {
  private static final long serialVersionUID = 1L;

  /** A function of one form. */
  SumFunction(String name, Help help, Form<SumResult> form) {
    super(name, help, List.of(form));
  }
}
