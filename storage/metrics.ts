import type { MetricDef } from '../lib/metric-def.ts';

/** What the stores beside the journal say about themselves, since the last start. */
export const STORAGE_METRICS = {
  historySeries: {
    name: 'threenines_history_series',
    type: 'gauge',
    help: 'Series that the history for the console keeps.',
    labels: [],
  },
  historySamplesLeftOut: {
    name: 'threenines_history_samples_left_out_total',
    type: 'counter',
    help: 'Samples that the history did not keep because it has as many series as it may.',
    labels: [],
  },
  historyPollsLeftOut: {
    name: 'threenines_history_polls_left_out_total',
    type: 'counter',
    help: 'Full polls whose readings went neither to the history nor to InfluxDB because too many waited.',
    labels: [],
  },
  influxPoints: {
    name: 'threenines_influx_points_total',
    type: 'counter',
    help: 'Points for InfluxDB and what became of them: written, dropped (buffer full or not writable) or refused (by the server for good).',
    labels: ['result'],
  },
  influxBatchesDamaged: {
    name: 'threenines_influx_batches_damaged_total',
    type: 'counter',
    help: 'Batches in the buffer for InfluxDB that could not be read any more and were put aside.',
    labels: [],
  },
  influxBufferBytes: {
    name: 'threenines_influx_buffer_bytes',
    type: 'gauge',
    help: 'Octets that wait on disk for InfluxDB.',
    labels: [],
  },
} as const satisfies Record<string, MetricDef>;
