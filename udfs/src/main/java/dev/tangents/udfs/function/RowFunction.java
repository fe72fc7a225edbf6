package dev.tangents.udfs.function;

import java.util.List;

/** A function that gives a value for each row. */
public abstract class RowFunction extends SqlFunction<Result> {
  private static final long serialVersionUID = 1L;

  /** A function of one or more forms, of different numbers of arguments. */
  RowFunction(String name, Help help, List<Form<Result>> forms) {
    super(name, help, forms);
  }
}
