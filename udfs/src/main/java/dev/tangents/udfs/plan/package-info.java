/**
 * How a query with our functions is planned and run, as Spark treats vectorised Python functions.
 *
 * <pre>
 *   ExtractDerivatives (optimizer)  calls -&gt; EvalDerivatives below the operator that has them
 *     Wanted, Branches, Guard:  which calls, for which rows;  Reuse: what is there already
 *     Fusion: what shares a pass;  ModelBinding: whether it fits its model
 *   DerivativeStrategy (planner)    EvalDerivatives -&gt; EvalDerivativesExec
 *     driver:   ModelStore reads and broadcasts the model, PassPlan fuses the calls into one pass
 *     executor: PassTask -&gt; BatchIterator: rows -&gt; batch -&gt; engine -&gt; rows
 * </pre>
 *
 * <p>Start reading at {@link dev.tangents.udfs.plan.ExtractDerivatives}.
 */
package dev.tangents.udfs.plan;
