/**
 * Tests of the packaged program from the outside.
 *
 * <p>Start reading at {@link dev.tangents.it.GramIT}.
 */
package dev.tangents.it;
