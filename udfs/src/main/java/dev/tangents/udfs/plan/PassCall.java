package dev.tangents.udfs.plan;

import dev.tangents.udfs.function.Result;
import java.io.Serializable;
import java.util.List;

/**
 * A call in a pass.
 *
 * @param name of its function
 * @param slots places of the columns that it needs: one null among them makes its value null
 * @param result what its quantity becomes
 */
record PassCall(String name, List<Integer> slots, Result result) implements Serializable {
  PassCall {
    slots = List.copyOf(slots);
  }
}
