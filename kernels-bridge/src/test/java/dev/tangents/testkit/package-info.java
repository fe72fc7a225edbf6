/**
 * What the tests share: the table of primitives, the list of engines, random graphs, and
 * comparisons of arrays that have must-fail cases of their own.
 *
 * <p>Start reading at {@link dev.tangents.testkit.PrimitiveTable}.
 */
package dev.tangents.testkit;
