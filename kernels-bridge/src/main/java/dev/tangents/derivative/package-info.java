/**
 * Derivatives as tensors, composed of the transforms and of primitives: no class here has a rule
 * for one.
 *
 * <pre>
 *   Jacobians     [O..., in...]         Batch over a basis of Vjp (reverse) or of Jvp (forward)
 *   Hessians      [O..., in..., in...]  a Jacobian of a Vjp or of a Jvp, over a basis again
 *   Laplacians    [O...]                sum_i d2f/dx_i^2 in one forward pass, without the Hessian
 *   Determinants  [] [] []              sign, log |det| and det of a square Jacobian: by LU, or as a product
 *   Losses        []                    a network with a loss put on it
 *   Gradients     [] [shape...]...      a loss and its gradients: of a sample, of each, of their sum
 * </pre>
 *
 * <p>Each takes a graph of one sample and returns one, with the same inputs; {@code Batch} over its
 * inputs gives a batch of samples. The results hold copies of the network that {@code Simplify}
 * merges. Norms of per-sample gradients, which need no gradient, are {@code kernel.GradientNorms},
 * sums of clipped ones {@code kernel.ClippedGradients}, random features {@code kernel.Projections}.
 * Imports {@code ir}, {@code op}, {@code transform}, {@code error} and, to fold constants before
 * the operations of a mode are counted, {@code exec.reference}.
 *
 * <p>A network built by hand (an importer gives the same two things, a graph and its weights), its
 * Jacobians and determinants over three samples, and its loss gradients:
 *
 * <pre>{@code
 * GraphBuilder builder = new GraphBuilder();
 * Value x = builder.input("x", TensorType.real(1, 2));
 * Value w = builder.parameter("W", TensorType.real(2, 2));
 * Graph network = builder.build(Tanh.tanh(MatMul.matMul(x, w)));
 * Weights weights = Weights.of(Map.of("W", Literal.of(w.type(), 0.5, 0.75, -0.25, 1)));
 *
 * Graph jacobian = Batch.of(Jacobians.of(network, List.of("x")), Set.of("x"), 3);
 * Graph determinant = Batch.of(Determinants.of(network, "x"), Set.of("x"), 3);
 * Graph loss = Losses.on(network, Losses.meanSquare());
 * Graph gradients = Gradients.perSample(loss, List.of("W"), 3);
 *
 * HostTensor samples = HostTensor.of(Shape.of(3, 1, 2), 0.0, 0.0, 1.0, 2.0, 0.2, -0.4);
 * HostTensor targets = HostTensor.of(Shape.of(3, 2), new double[6]);
 * try (Engine engine = new ReferenceEngine()) { // or new Nd4jEngine(Precision.FLOAT)
 *   HostTensor j = engine.evaluate(jacobian, weights, List.of(samples)).get(0); // [3, 1, 2, 1, 2]
 *   List<HostTensor> d = engine.evaluate(determinant, weights, List.of(samples)); // 3 of [3]
 *   List<HostTensor> g = engine.evaluate(gradients, weights, List.of(samples, targets));
 *   report(j, d, g);
 * }
 * }</pre>
 *
 * <p>For many batches, {@code Engine.prepare} plans a graph once and {@code Executable.run} runs
 * it.
 *
 * <p>Start reading at {@link dev.tangents.derivative.Jacobians}.
 */
package dev.tangents.derivative;
