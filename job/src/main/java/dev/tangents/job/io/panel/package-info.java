/**
 * Samples in order, a file a panel (samples/panel-00000.parquet), and factors of a panel. Start
 * reading at {@link PanelWriter}.
 */
package dev.tangents.job.io.panel;
