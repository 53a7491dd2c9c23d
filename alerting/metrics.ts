import type { MetricDef } from '../lib/metric-def.ts';

/** Badness order, so that `max by (site)` is the worst state. */
export const DEVICE_STATE_VALUES = {
  up: 0,
  'out-of-service': 1,
  maintenance: 2,
  degraded: 3,
  unknown: 4,
  unreachable: 5,
  down: 6,
} as const;

export const INCIDENT_STAGES = ['open', 'acknowledged', 'restored'] as const;
export type IncidentStage = (typeof INCIDENT_STAGES)[number];

/** What the alerting stage exports about devices and incidents, rendered from the engine's state. */
export const ALERTING_METRICS = {
  deviceState: {
    name: 'threenines_device_state',
    type: 'gauge',
    help: 'State of the device: 0 up, 1 out of service, 2 maintenance, 3 degraded, 4 unknown, 5 unreachable, 6 down.',
    labels: ['device', 'site', 'role'],
  },
  siteDevices: {
    name: 'threenines_site_devices',
    type: 'gauge',
    help: 'Devices of the site by state, as device_state tells it; every state is there, at 0 too.',
    labels: ['site', 'state'],
  },
  siteState: {
    name: 'threenines_site_state',
    type: 'gauge',
    help: 'State of the worst device of the site, in the numbers of device_state.',
    labels: ['site'],
  },
  siteOutageTold: {
    name: 'threenines_site_outage_told',
    type: 'gauge',
    help: '1 while a device of the site is down and an open incident tells of it, or one is unreachable behind another, else 0.',
    labels: ['site'],
  },
  deviceFlapping: {
    name: 'threenines_device_flapping',
    type: 'gauge',
    help: '1 while the device or a part of it changes state too often to page each change.',
    labels: ['device', 'site', 'role'],
  },
  linkInfo: {
    name: 'threenines_link_info',
    type: 'gauge',
    help: 'What hangs on what, as configured: kind network is a parent and its child, power a feed and what it feeds; the site is that of the target. Always 1.',
    labels: ['source', 'target', 'kind', 'site'],
  },
  powerPath: {
    name: 'threenines_power_path_info',
    type: 'gauge',
    help: 'Every power system above a device, however many lie between, as configured; the site is that of the target. Always 1.',
    labels: ['source', 'target', 'site'],
  },
  incidents: {
    name: 'threenines_incidents',
    type: 'gauge',
    help: 'Incidents by tier, stage and site of their cause; restored ones are those that can still re-open. Noughts stand under the site –, which is that of causes without one.',
    labels: ['tier', 'stage', 'site'],
  },
  incidentInfo: {
    name: 'threenines_incident_info',
    type: 'gauge',
    help: 'One series per open incident, at most 200, worst tier first, its title in English and in Chinese; the site is that of its cause.',
    labels: ['incident', 'tier', 'title', 'title_zh', 'device', 'site', 'owner', 'stage', 'rule'],
  },
  incidentAffects: {
    name: 'threenines_incident_affects_info',
    type: 'gauge',
    help: 'A site other than that of its cause with devices that are down or cut off by the open incident. Always 1.',
    labels: ['incident', 'tier', 'site'],
  },
  incidentOpened: {
    name: 'threenines_incident_opened_timestamp_seconds',
    type: 'gauge',
    help: 'When the open incident was opened, for the last time if it opened again; the site is that of its cause.',
    labels: ['incident', 'tier', 'site'],
  },
  incidentClockStart: {
    name: 'threenines_incident_clock_start_timestamp_seconds',
    type: 'gauge',
    help: 'When the running response clock of the incident started; absent once acknowledged.',
    labels: ['incident', 'tier'],
  },
  incidentDeadline: {
    name: 'threenines_incident_ack_deadline_timestamp_seconds',
    type: 'gauge',
    help: 'When the running response clock of the incident ends; absent once acknowledged.',
    labels: ['incident', 'tier'],
  },
  outboxPages: {
    name: 'threenines_outbox_pages',
    type: 'gauge',
    help: 'Pages held by the engine by state of delivery.',
    labels: ['state'],
  },
  outboxOldestAge: {
    name: 'threenines_outbox_oldest_age_seconds',
    type: 'gauge',
    help: 'Age of the oldest page still waiting for delivery; 0 when none waits.',
    labels: [],
  },
  engineTickTimestamp: {
    name: 'threenines_engine_tick_timestamp_seconds',
    type: 'gauge',
    help: 'When the engine last completed a tick.',
    labels: [],
  },
} as const satisfies Record<string, MetricDef>;

/** Counters and histograms of the alerting stage, kept by prom-client since the last start. */
export const ALERTING_SELF_METRICS = {
  responses: {
    name: 'threenines_responses_total',
    type: 'counter',
    help: 'Response clocks that ended, by tier and whether the acknowledgement came in time.',
    labels: ['tier', 'result'],
  },
  ackDuration: {
    name: 'threenines_ack_duration_seconds',
    type: 'histogram',
    help: 'Time from the start of the response clock to the acknowledgement.',
    labels: ['tier'],
  },
  restoreDuration: {
    name: 'threenines_restore_duration_seconds',
    type: 'histogram',
    help: 'Time from the opening of the incident, the last one if it opened again, to its resolution.',
    labels: ['tier'],
  },
  engineTickDuration: {
    name: 'threenines_engine_tick_duration_seconds',
    type: 'histogram',
    help: 'Time the engine took to decide over one batch of inputs.',
    labels: [],
  },
  journalAppendDuration: {
    name: 'threenines_journal_append_duration_seconds',
    type: 'histogram',
    help: 'Time until a batch of journal entries was durable.',
    labels: [],
  },
  journalEntries: {
    name: 'threenines_journal_entries_total',
    type: 'counter',
    help: 'Journal entries appended since the start.',
    labels: [],
  },
  clockSteps: {
    name: 'threenines_clock_steps_total',
    type: 'counter',
    help: 'Times the wall clock of the machine was set while the service ran or was down, by direction.',
    labels: ['direction'],
  },
  inputsDropped: {
    name: 'threenines_engine_inputs_dropped_total',
    type: 'counter',
    help: 'Observations not taken in because the engine was too far behind.',
    labels: [],
  },
} as const satisfies Record<string, MetricDef>;
