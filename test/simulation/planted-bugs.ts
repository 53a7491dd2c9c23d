/** A mistake a programmer could make: one text of one file, replaced when the file is loaded. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const bug = (name: string, file: string, from: string, to: string): PlantedBug => ({
  name,
  file: `alerting/${file}`,
  from,
  to,
});

/** Bugs of which the simulation must find each one. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  bug(
    'acts before the append is durable',
    'engine-shell.ts',
    'await journal.append(events.map(toEntry));',
    'events.map((event, place) => ({ ...toEntry(event), sequence: place, hash: "" })); journal.append(events.map(toEntry)).catch(() => {});',
  ),
  bug(
    'page key without the episode',
    'paging.ts',
    '`, step.name, personId',
    '`.slice(0, 1), step.name, personId',
  ),
  bug(
    'a deadline is missed five minutes late',
    'response-clock.ts',
    'deciding.now <= incident.acknowledgeBy) return',
    'deciding.now <= incident.acknowledgeBy + 300_000) return',
  ),
  bug(
    'the breach step comes a minute late',
    'response-clock.ts',
    'dueAt: incident.acknowledgeBy + 1,',
    'dueAt: incident.acknowledgeBy + 60_000,',
  ),
  bug(
    'the last reminder is forgotten',
    'response-clock.ts',
    'reminderRatios.map((ratio) => ({',
    'reminderRatios.slice(0, 1).map((ratio) => ({',
  ),
  bug(
    'a reminder reaches nobody',
    'response-clock.ts',
    "    kind: 'reminder',\n    recipients: (taken) => [\n      ...toldRecipients(deciding, incident),\n      ...nextLevel(deciding, incident, taken),\n    ],",
    "    kind: 'reminder',\n    recipients: () => [],",
  ),
  bug(
    'repetitions never fall due',
    'response-clock.ts',
    'Math.max(1, taken ? passed + 1 : passed)',
    'Math.max(1, passed + 1)',
  ),
  bug(
    'the clock runs on after the acknowledgement',
    'response-clock.ts',
    'if (incident.acknowledgedAt !== null) continue;',
    '',
  ),
  bug(
    'steps that meet wait ten minutes',
    'page-merging.ts',
    'other.dueAt - step.dueAt <= ONE_MOMENT_MS',
    'other.dueAt - step.dueAt <= 600_000',
  ),
  bug('steps of the last clock count', 'apply-incident.ts', '  incident.stepsTaken.clear();\n', ''),
  bug(
    're-opens for one minute only',
    'apply-incident.ts',
    'export const REOPEN_WITHIN_MS = 30 * MINUTE',
    'export const REOPEN_WITHIN_MS = MINUTE',
  ),
  bug('the end is told to nobody', 'pages.ts', '      tellOfTheEnd(deciding, incident);\n', ''),
];
