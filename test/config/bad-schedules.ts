import type { BadConfig } from './bad-config.ts';

/** An oncall.yaml with one schedule on line 3, one more line of a schedule's parts, and the rest. */
function oncall(schedule: string, more = 'catchAll: [duty]'): { 'oncall.yaml': string } {
  const step = '[{ schedules: [noc] }]';
  return {
    'oncall.yaml': `people: [{ id: duty, contacts: [inbox] }, { id: boss, contacts: [inbox] }]
schedules:
  - ${schedule}
channels: [{ id: inbox, kind: inbox }]
escalationPolicies: [{ id: standard, tiers: { 1: ${step}, 2: ${step}, 3: ${step}, 4: ${step} } }]
${more}
`,
  };
}

const LAYER =
  'id: week, rotation: weekly, startsOn: 2026-01-05, handoff: mon 09:00, people: [duty]';

export const BAD_SCHEDULES: readonly BadConfig[] = [
  {
    fault: 'schedule without a catch-all',
    files: oncall(`{ id: noc, layers: [{ ${LAYER} }] }`, ''),
    expected: ['oncall.yaml:1: catchAll: is missing; expected who is paged when nobody is on call'],
  },
  {
    fault: 'references of a schedule',
    files: oncall(
      `{ id: noc, timeZone: Asia/Shangai, team: ops, manager: chief, holidays: china, layers: [{ ${LAYER.replace('[duty]', '[dutty]')} }] }`,
    ),
    expected: [
      'oncall.yaml:3: schedules[0].timeZone: "Asia/Shangai" is not a time zone; did you mean "Asia/Shanghai"?',
      'oncall.yaml:3: schedules[0].team: "ops" is not a team; none is declared',
      'oncall.yaml:3: schedules[0].manager: "chief" is not a person; expected duty or boss',
      'oncall.yaml:3: schedules[0].holidays: "china" is not a holiday calendar; none is declared',
      'oncall.yaml:3: schedules[0].layers[0].people[0]: "dutty" is not a person; did you mean "duty"?',
    ],
  },
  {
    fault: 'hand-over without a day and turns without a length',
    files: oncall(
      `{ id: noc, layers: [{ ${LAYER.replace('mon 09:00', '09:00')} }, { ${LAYER.replace('weekly', 'daily').replace('week', 'day')} }, { ${LAYER.replace('weekly', 'custom').replace('mon 09:00', '09:00').replace('week', 'turns')} }, { ${LAYER.replace('week,', 'long,')}, shift: 3d }] }`,
    ),
    expected: [
      'oncall.yaml:3: schedules[0].layers[0].handoff: "09:00" names no day; expected one such as "mon 09:00" for a weekly rotation',
      'oncall.yaml:3: schedules[0].layers[1].handoff: "mon 09:00" names a day; expected a time such as "09:00" for a daily rotation',
      'oncall.yaml:3: schedules[0].layers[2]: "shift" is missing; expected the length of a turn, such as 12h or 3d',
      'oncall.yaml:3: schedules[0].layers[3].shift: a weekly rotation has no "shift"; expected rotation: custom',
    ],
  },
  {
    fault: 'dates that the calendar does not have, and holidays without a calendar',
    files: oncall(
      `{ id: noc, layers: [{ ${LAYER.replace('2026-01-05', '2026-02-30')}, holidays: never }] }`,
      'catchAll: [duty]\nholidays: [{ id: china, days: [2026-13-01, 2026-10-01, 2026-10-01] }]',
    ),
    expected: [
      'oncall.yaml:3: schedules[0].layers[0].startsOn: "2026-02-30" is not a date of the calendar',
      'oncall.yaml:3: schedules[0].layers[0].holidays: heeds holidays (never), but the schedule names no calendar; expected "holidays" there',
      'oncall.yaml:7: holidays[0].days[0]: "2026-13-01" is not a date of the calendar',
      'oncall.yaml:7: holidays[0].days[2]: "2026-10-01" is listed twice',
    ],
  },
  {
    fault: 'overrides and swaps that cannot be',
    files: oncall(
      `{ id: noc, timeZone: Europe/Berlin, layers: [{ ${LAYER} }], overrides: [{ id: leave, person: duty, replaces: nobody, from: 2026-05-02 09:00, to: 2026-05-01 09:00 }, { id: night, person: boss, from: 2026-10-25 02:30, to: 2026-10-26 09:00 }], swaps: [{ id: trade, first: { person: duty, from: 2026-05-01 09:00, to: 2026-05-02 09:00 }, second: { person: duty, from: 2026-05-03 09:00, to: 2026-05-04 09:00 } }] }`,
    ),
    expected: [
      'oncall.yaml:3: schedules[0].overrides[0].replaces: "nobody" is not a person; expected duty or boss',
      'oncall.yaml:3: schedules[0].overrides[0].to: ends 2026-05-01 09:00, not after it starts (2026-05-02 09:00)',
      'oncall.yaml:3: schedules[0].overrides[1].from: "2026-10-25 02:30" is skipped or repeated in Europe/Berlin (summer time); write it with an offset such as 2026-10-25T02:30+01:00',
      'oncall.yaml:3: schedules[0].swaps[0]: "duty" is on both sides; expected two people',
    ],
  },
  {
    fault: 'team and step that name nobody',
    files: {
      'oncall.yaml': `people: [{ id: duty, contacts: [inbox] }]
channels: [{ id: inbox, kind: inbox }]
teams: [{ id: noc, members: [duty, ghost], manager: spook }]
escalationPolicies:
  - { id: standard, tiers: { 1: [{ after: 0s }], 2: [{ teams: [nok] }], 3: [{ teams: [noc] }], 4: [{ schedules: [noc] }] } }
`,
    },
    expected: [
      'oncall.yaml:3: teams[0].members[1]: "ghost" is not a person; expected duty',
      'oncall.yaml:3: teams[0].manager: "spook" is not a person; expected duty',
      'oncall.yaml:5: escalationPolicies[0].tiers.1[0]: names nobody; expected people, schedules or teams',
      'oncall.yaml:5: warning: escalationPolicies[0].tiers.1: nobody is paged for a tier 1 incident under "standard"',
      'oncall.yaml:5: escalationPolicies[0].tiers.2[0].teams[0]: "nok" is not a team; did you mean "noc"?',
      'oncall.yaml:5: escalationPolicies[0].tiers.4[0].schedules[0]: "noc" is not a schedule; none is declared',
    ],
  },
  {
    fault: 'quiet hours that are no times',
    files: {
      'oncall.yaml': `people: [{ id: duty, contacts: [inbox], quietHours: [{ days: [sunday], from: 25:00, to: 07:00 }] }]
channels: [{ id: inbox, kind: inbox }]
escalationPolicies: [{ id: standard, tiers: { 1: [{ people: [duty] }], 2: [{ people: [duty] }], 3: [{ people: [duty] }], 4: [{ people: [duty] }] } }]
`,
    },
    expected: [
      'oncall.yaml:1: people[0].quietHours[0].days[0]: "sunday" is not a day; expected mon, tue, wed, thu, fri, sat or sun',
      'oncall.yaml:1: people[0].quietHours[0].from: "25:00" is not a time of day; expected a time of day such as 08:00',
    ],
  },
];
