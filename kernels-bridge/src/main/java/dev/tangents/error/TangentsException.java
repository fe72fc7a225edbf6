package dev.tangents.error;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A failure with a category and a message for the person who runs the program. */
public final class TangentsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Category category;

  private TangentsException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = category;
  }

  /** Who can cure it. */
  public Category category() {
    return category;
  }

  /** The first failure of ours among an exception and its causes. */
  public static Optional<TangentsException> in(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof TangentsException known) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /** The same failure with {@code where} put in front of its message. */
  public TangentsException within(String where) {
    return new TangentsException(category, where + ": " + getMessage(), this);
  }

  /** The same failure in other words; itself if they are the same. */
  public TangentsException reworded(UnaryOperator<String> wording) {
    String words = wording.apply(getMessage());
    return words.equals(getMessage()) ? this : new TangentsException(category, words, this);
  }

  /** The same failure with its cause recorded. */
  public TangentsException causedBy(Throwable cause) {
    return new TangentsException(category, getMessage(), cause);
  }

  /** A mistake in a flag, key or argument. */
  @FormatMethod
  public static TangentsException user(String format, Object... values) {
    return of(Category.USER, format, values);
  }

  /** A model that cannot be read or handled. */
  @FormatMethod
  public static TangentsException model(String format, Object... values) {
    return of(Category.MODEL, format, values);
  }

  /** A fault in the data set. */
  @FormatMethod
  public static TangentsException data(String format, Object... values) {
    return of(Category.DATA, format, values);
  }

  /** Too little memory, disk or device. */
  @FormatMethod
  public static TangentsException resource(String format, Object... values) {
    return of(Category.RESOURCE, format, values);
  }

  /** An installation that does not work; {@code tangents doctor} looks for the cause. */
  @FormatMethod
  public static TangentsException setup(String format, Object... values) {
    return of(Category.SETUP, format, values);
  }

  /** A fault of the program itself. */
  @FormatMethod
  public static TangentsException internal(String format, Object... values) {
    return of(Category.INTERNAL, format, values);
  }

  private static TangentsException of(Category category, String format, Object... values) {
    return new TangentsException(category, String.format(Locale.ROOT, format, values), null);
  }
}
