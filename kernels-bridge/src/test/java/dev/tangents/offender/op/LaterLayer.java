package dev.tangents.offender.op;

/** What the layer before it must not use. */
public final class LaterLayer {}
