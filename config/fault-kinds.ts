/** Every kind of fault, in the words of grading rules, API and metrics. */
export const FAULT_KINDS = [
  'device-down',
  'port-down',
  'redundancy-lost',
  'switched-over',
  'on-battery',
  'battery-low',
  'on-generator',
  'replace-battery',
  'output-overload',
  'power-input',
  'temperature',
  'fan',
  'power-supply',
  'sensor',
  'storage-full',
  'cpu-high',
  'memory-high',
  'routing-peer',
  'path-quality',
  'monitoring-blind',
  'cover-gap',
  'customer-report',
  'paging-stuck',
  'report-undelivered',
  'journal-damaged',
  'clock-stepped',
  'collector-blind',
  'alert',
] as const;

/** What can be wrong with a device or a part of it, or with the service itself. */
export type FaultKind = (typeof FAULT_KINDS)[number];
