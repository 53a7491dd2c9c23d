import type { BadConfig } from './bad-config.ts';

const rule = (text: string) => ({ 'grading.yaml': `rules:\n  - ${text}\n` });
const tier = (text: string) => ({ 'grading.yaml': `tiers:\n  1: ${text}\n` });
const window = (text: string) => ({ 'maintenance.yaml': `windows:\n  - ${text}\n` });
const work = 'id: work, reason: upgrade, owner: duty';

export const BAD_GRADING: readonly BadConfig[] = [
  {
    fault: 'time to tell an authority that is no duration',
    files: { 'grading.yaml': "authorities:\n  - { id: a, name: A, within: { '1': soon } }\n" },
    expected: [
      'grading.yaml:2: authorities[0].within.1: "soon" is not a duration; expected a duration such as 30m or never',
    ],
  },
  {
    fault: 'two authorities of one id, and a reminder out of order',
    files: {
      'grading.yaml':
        "authorities:\n  - { id: a, name: A, within: { '1': 1h }, reminders: [80%, 50%] }\n  - { id: a, name: B, within: {} }\n",
    },
    expected: [
      'grading.yaml:2: authorities[0].reminders[1]: 50% is not above the reminder before it',
      'grading.yaml:3: authorities[1].id: "a" is already the id of authorities[0]',
    ],
  },
  {
    fault: 'review without a day to do it',
    files: tier('{ acknowledgeWithin: 15m, review: { always: true, withinWorkingDays: 0 } }'),
    expected: [
      'grading.yaml:2: tiers.1.review.withinWorkingDays: 0 is too small; expected at least 1',
    ],
  },
  {
    fault: 'unknown tier',
    files: rule('{ id: a, tier: 5, when: {} }'),
    expected: ['grading.yaml:2: rules[0].tier: 5 is not a tier; expected 1, 2, 3 or 4'],
  },
  {
    fault: 'unknown condition',
    files: rule('{ id: a, tier: 1, when: { deviceDown: { atLeast: 3 } } }'),
    expected: [
      'grading.yaml:2: rules[0].when.deviceDown: unknown key "deviceDown"; did you mean "devicesDown"?',
    ],
  },
  {
    fault: 'rule without condition',
    files: rule('{ id: a, tier: 1 }'),
    expected: [
      'grading.yaml:2: rules[0]: "when" is missing; expected a mapping (lines of "key: value")',
    ],
  },
  {
    fault: 'unknown fault kind',
    files: rule('{ id: a, tier: 1, when: { faultKinds: [port-dwn] } }'),
    expected: [
      'grading.yaml:2: rules[0].when.faultKinds[0]: "port-dwn" is not a fault kind; expected device-down, port-down, port-errors, port-discards, port-full, redundancy-lost, switched-over, on-battery, battery-low, on-generator, replace-battery, output-overload, power-input, temperature, fan, power-supply, sensor, storage-full, cpu-high, memory-high, routing-peer, path-quality, monitoring-blind, cover-gap, customer-report, paging-stuck, report-undelivered, disk-nearly-full, journal-damaged, clock-stepped, collector-blind, alert or alert-storm',
    ],
  },
  {
    fault: 'range without bound',
    files: rule('{ id: a, tier: 1, when: { customers: {} } }'),
    expected: [
      'grading.yaml:2: rules[0].when.customers: has no bound; expected atLeast, atMost or both',
    ],
  },
  {
    fault: 'range that no number fits',
    files: rule('{ id: a, tier: 1, when: { anyOf: [{ customers: { atLeast: 5, atMost: 1 } }] } }'),
    expected: [
      'grading.yaml:2: rules[0].when.anyOf[0].customers: atLeast 5 is above atMost 1: no number fits',
    ],
  },
  {
    fault: 'percentage above a hundred',
    files: rule('{ id: a, tier: 1, when: { sitePercent: { atLeast: 150 } } }'),
    expected: [
      'grading.yaml:2: rules[0].when.sitePercent.atLeast: 150 is too large; expected at most 100',
    ],
  },
  {
    fault: 'ageing rule that does not raise the tier',
    files: rule('{ id: a, tier: 2, when: { currentTier: 2 }, for: 1h }'),
    expected: [
      'grading.yaml:2: rules[0].when.currentTier: an incident of tier 2 is not raised by a rule for tier 2; expected a tier above 2',
    ],
  },
  {
    fault: 'rule that is never reached',
    files: {
      'grading.yaml':
        'rules:\n  - { id: a, tier: 4, when: {} }\n  - { id: b, tier: 1, when: {} }\n',
    },
    expected: ['grading.yaml:3: warning: rules[1]: never decides: "a" above it always matches'],
  },
  {
    fault: 'duplicate rule id',
    files: {
      'grading.yaml':
        'rules:\n  - { id: a, tier: 4, when: {}, for: 1m }\n  - { id: a, tier: 1, when: {} }\n',
    },
    expected: ['grading.yaml:3: rules[1].id: "a" is already the id of rules[0]'],
  },
  {
    fault: 'reminders out of order and out of range',
    files: tier('{ acknowledgeWithin: 15m, reminders: [80%, 50%, 100%] }'),
    expected: [
      'grading.yaml:2: tiers.1.reminders[1]: 50% is not above the reminder before it',
      'grading.yaml:2: tiers.1.reminders[2]: 100% is no reminder; expected between 0% and 100%',
    ],
  },
  {
    fault: 'pace of updates that is none, and a warning of nothing',
    files: {
      'grading.yaml': `tiers:
  1: { acknowledgeWithin: 15m, updateEvery: 1s, updateGrace: 8d, noticeWithin: soon }
rules:
  - { id: a, tier: 4, when: {}, for: 10m, warnAfter: 10m }
`,
    },
    expected: [
      'grading.yaml:2: tiers.1.noticeWithin: "soon" is not a duration; expected a duration such as 30m or never',
      'grading.yaml:2: tiers.1.updateEvery: 1s is too short; expected at least 10s',
      'grading.yaml:2: tiers.1.updateGrace: 8d is too long; expected at most 7d',
      'grading.yaml:4: rules[0].warnAfter: 10m warns of nothing; expected less than for: 10m',
    ],
  },
  {
    fault: 'promise without time and unknown tier',
    files: { 'grading.yaml': 'tiers:\n  1: { repeatEvery: soon }\n  5: {}\n' },
    expected: [
      'grading.yaml:2: tiers.1: "acknowledgeWithin" is missing; expected a duration such as 15s, 1m30s or 2h',
      'grading.yaml:2: tiers.1.repeatEvery: "soon" is not a duration; expected a duration such as 5m or never',
      'grading.yaml:3: tiers.5: unknown key "5"; expected 1, 2, 3 or 4',
    ],
  },
  {
    fault: 'window that ends before it starts',
    files: window(`{ ${work}, startsAt: 2026-11-03 05:00, endsAt: 2026-11-03 02:00, sites: [hq] }`),
    expected: [
      'maintenance.yaml:2: windows[0].endsAt: ends 2026-11-03 02:00, not after it starts (2026-11-03 05:00)',
    ],
  },
  {
    fault: 'window that ends before it starts, nobody knows where',
    files: window(
      `{ ${work}, startsAt: 2026-11-03 05:00, endsAt: 2026-11-03 02:00, timeZone: Mars/Base, sites: [hq] }`,
    ),
    expected: [
      'maintenance.yaml:2: windows[0].timeZone: "Mars/Base" is not a time zone; expected an IANA name such as Asia/Shanghai or UTC',
      'maintenance.yaml:2: windows[0].endsAt: ends 2026-11-03 02:00, not after it starts (2026-11-03 05:00)',
    ],
  },
  {
    fault: 'window that covers nothing',
    files: window(`{ ${work}, startsAt: 2026-11-03 01:00, endsAt: 2026-11-03 02:00 }`),
    expected: ['maintenance.yaml:2: windows[0]: covers nothing; expected devices, sites or tags'],
  },
  {
    fault: 'window for what does not exist',
    files: window(
      `{ ${work}, startsAt: 2026-11-03 01:00, endsAt: 2026-11-03 02:00, devices: [core-9], sites: [west], tags: [ring] }`,
    ),
    expected: [
      'maintenance.yaml:2: windows[0].devices[0]: "core-9" is not a device; did you mean "core-1"?',
      'maintenance.yaml:2: windows[0].sites[0]: "west" is not a site; expected hq',
      'maintenance.yaml:2: windows[0].tags[0]: "ring" is not a tag of any device; none is declared',
    ],
  },
  {
    fault: 'window of most of a year',
    files: window(`{ ${work}, startsAt: 2026-01-03 01:00, endsAt: 2026-11-03 02:00, sites: [hq] }`),
    expected: [
      'maintenance.yaml:2: warning: windows[0].endsAt: the window lasts 304 days; is the date right?',
    ],
  },
  {
    fault: 'dates that are none',
    files: window(`{ ${work}, startsAt: tomorrow, endsAt: 2026-11-03, sites: [hq] }`),
    expected: [
      'maintenance.yaml:2: windows[0].startsAt: "tomorrow" is not a time; expected a time such as 2026-11-03 02:00 or 2026-11-03T02:00+08:00',
      'maintenance.yaml:2: windows[0].endsAt: "2026-11-03" is not a time; expected a time such as 2026-11-03 02:00 or 2026-11-03T02:00+08:00',
    ],
  },
  {
    fault: 'window that repeats in a way that cannot be',
    files: {
      'maintenance.yaml': `windows:
  - { id: a, reason: r, owner: o, startsAt: 2026-11-03T02:00Z, endsAt: 2026-11-03T03:00Z, tags: [], devices: [core-1], repeat: { every: week, until: 2027-01-01 } }
  - { id: b, reason: r, owner: o, startsAt: 2026-11-03 02:00, endsAt: 2026-11-03 03:00, devices: [core-1], repeat: { every: day, days: [mon], until: 2030-01-01 } }
  - { id: c, reason: r, owner: o, startsAt: 2026-11-03 02:00, endsAt: 2026-11-03 03:00, devices: [core-1], repeat: { every: month, until: 2027-02-30 } }
`,
    },
    expected: [
      'maintenance.yaml:2: windows[0]: a window that repeats has wall-clock times; expected startsAt and endsAt without an offset',
      'maintenance.yaml:3: windows[1].repeat.days: counts for every: week only',
      'maintenance.yaml:3: windows[1].repeat.until: 2030-01-01 is not within two years after it first starts (2026-11-03)',
      'maintenance.yaml:4: windows[2].repeat.until: "2027-02-30" is not a date of the calendar',
    ],
  },
  {
    fault: 'dates that the calendar does not have',
    files: window(`{ ${work}, startsAt: 2026-02-30 02:00, endsAt: 2026-11-03 25:00, sites: [hq] }`),
    expected: [
      'maintenance.yaml:2: windows[0].startsAt: "2026-02-30 02:00" is not a date and time of the calendar',
      'maintenance.yaml:2: windows[0].endsAt: "2026-11-03 25:00" is not a date and time of the calendar',
    ],
  },
  {
    fault: 'times that summer time skips and repeats',
    files: window(
      `{ ${work}, timeZone: Europe/Berlin, startsAt: 2026-03-29 02:30, endsAt: 2026-10-25 02:30, sites: [hq] }`,
    ),
    expected: [
      'maintenance.yaml:2: windows[0].startsAt: "2026-03-29 02:30" is skipped or repeated in Europe/Berlin (summer time); write it with an offset such as 2026-03-29T02:30+01:00',
      'maintenance.yaml:2: windows[0].endsAt: "2026-10-25 02:30" is skipped or repeated in Europe/Berlin (summer time); write it with an offset such as 2026-10-25T02:30+01:00',
    ],
  },
];
