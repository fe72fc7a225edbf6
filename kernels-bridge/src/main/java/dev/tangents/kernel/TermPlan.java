package dev.tangents.kernel;

/**
 * What is planned for one parameter.
 *
 * @param parameter its name
 * @param method the order of its products; never AUTO
 * @param uses how often a sample meets it; many meetings of one kind, as the steps of a recurrence,
 *     count once
 * @param numbersPerSample numbers of its factors for each sample; factors shared by several
 *     parameters count for each
 * @param tileFlops operations of its term alone in a tile
 * @param tileSeconds seconds that these are predicted to take
 */
public record TermPlan(
    String parameter,
    Method method,
    int uses,
    long numbersPerSample,
    double tileFlops,
    double tileSeconds) {}
