package dev.tangents.offender.op;

import dev.tangents.offender.ir.LayerOffender;

/** What the layer before it must not use; it may use that one. */
public final class LaterLayer {
  LayerOffender earlier;
}
