/** A mistake a programmer could make: one text of one file, replaced when the file is loaded. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const bug = (name: string, file: string, from: string, to: string): PlantedBug => ({
  name,
  file: file.startsWith('config/') ? file : `alerting/${file}`,
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
  bug(
    'paged before the entry is durable: the outbox is the deciding state',
    'engine-shell.ts',
    '    if (result.events.length > 0) await this.#record(result.events);',
    '    for (const event of result.events) apply(this.state, event);\n    for (const listener of this.#listeners) this.#tell(listener, []);\n    if (result.events.length > 0) await this.#options.journal.append(result.events.map(toEntry));',
  ),
  bug(
    'a hand-over that comes twice leaves a gap',
    'config/schedule/on-call.ts',
    'const from = startOf(index).first;',
    'const from = startOf(index).last;',
  ),
  bug(
    'an exception to the schedule is not looked at',
    'on-call.ts',
    'return onCallAt(schedule, overridesOf(state, schedule.id), at);',
    'return onCallAt(schedule, [], at);',
  ),
  bug(
    'an upgrade leaves the deadline as it was',
    'tier-changes.ts',
    'acknowledgeBy: isShortened ? Math.min(incident.acknowledgeBy, target) : incident.acknowledgeBy,',
    'acknowledgeBy: incident.acknowledgeBy,',
  ),
  bug(
    'an upgrade starts the clock anew',
    'tier-changes.ts',
    'Math.min(incident.acknowledgeBy, target)',
    'target',
  ),
  bug(
    'an upgrade asks for no fresh acknowledgement',
    'tier-changes.ts',
    'if (isAcknowledged && ((isWorse && tier <= 2) || isNews))',
    'if (isAcknowledged && isNews)',
  ),
  bug(
    'a silence of one person hides tier 1',
    'silence.ts',
    ' && (tier > 1 || silence.confirmedBy !== null)',
    '',
  ),
  bug(
    'a silence never ends',
    'silence.ts',
    "return now < endsAt ? 'active' : 'expired';",
    "return 'active';",
  ),
  bug(
    'what a silence hid is not made up for',
    'response-clock.ts',
    'if (incident.silencedSteps.size === 0) return [];',
    'return [];',
  ),
  bug(
    'the end is told only to whoever acknowledged',
    'pages.ts',
    'const recipients = reachedRecipients(deciding, incident);\n  if (recipients.length === 0)',
    'const recipients = reachedRecipients(deciding, incident).filter((each) => incident.acknowledgedBy === null || each.personId === incident.acknowledgedBy);\n  if (recipients.length === 0)',
  ),
  bug(
    'the end is told to whom no try can have reached',
    'paging.ts',
    "page.status === 'sent' || page.mayHaveGoneOut",
    "page.status === 'sent' || page.attempts > 0",
  ),
  bug(
    'an acknowledgement cancels nothing',
    'pages.ts',
    "      cancelWaiting(deciding, incident, 'acknowledged');\n",
    '',
  ),
  bug(
    'an acknowledgement hides the breach before it',
    'commands.ts',
    "  recordBreach(deciding, incident);\n  deciding.emit({\n    type: 'incident-acknowledged',",
    "  deciding.emit({\n    type: 'incident-acknowledged',",
  ),
  bug(
    'anybody may acknowledge',
    'commands.ts',
    'if (right === null && !takesOver) {',
    'if (right === null && by === null) {',
  ),
  bug(
    'an answer to an earlier outbreak acknowledges the next',
    'commands.ts',
    "if (episode !== incident.episode) return refuse('other-episode', null);",
    '',
  ),
  bug(
    'a worse tier leaves an authority as much time as before',
    'authority-clocks.ts',
    'if (running !== undefined && (running.tier <= tier || isClockOver(running))) return;',
    'if (running !== undefined) return;',
  ),
  bug(
    'repetitions keep to one channel',
    'next-channels.ts',
    'return ways[(place + 1) % ways.length]!;',
    'return ways[Math.max(place, 0)]!;',
  ),
  bug(
    'a page is given up after a minute',
    'paging.ts',
    'const giveUpAt = Math.max(now + effortMs, incident.acknowledgeBy);',
    'const giveUpAt = now + effortMs / 60;',
  ),
  bug(
    'the end is given up after one try',
    'pages.ts',
    'deciding.now < giveUpAt(deciding, page) || page.attempts < leastTries',
    "page.attempts < LEAST_TRIES || (page.kind !== 'resolved' && deciding.now < giveUpAt(deciding, page))",
  ),
  bug(
    'no other channel is tried',
    'page-fallback.ts',
    '    takeNextChannel(deciding, incident, pages);\n',
    '',
  ),
  bug('another channel is tried at once', 'page-fallback.ts', '+ delivery.fallbackAfterMs;', ';'),
  bug(
    'nobody is spared',
    'page-batching.ts',
    'const room = lately.roomFor(waiting[0]!) - firstPages;',
    'const room = 1000;',
  ),
  bug(
    'quiet hours are not kept',
    'page-sender.ts',
    '  if (isHeld(page, now)) return false;\n  if (page.nextAttemptAt <= now ||',
    '  if (page.notBefore !== null || page.nextAttemptAt <= now ||',
  ),
  bug(
    'quiet hours keep tier 2 from its people',
    'paging.ts',
    'return incident.tier <= 2 ? null',
    'return incident.tier <= 1 ? null',
  ),
  bug(
    'a clock set back stretches every deadline',
    'apply-clock-step.ts',
    "['clockStartedAt', 'stepsStartedAt', 'acknowledgeBy', 'acknowledgedAt']",
    "['clockStartedAt', 'stepsStartedAt', 'acknowledgedAt']",
  ),
  bug(
    'a step of the clock is not seen',
    'engine.ts',
    'Math.abs(byMs) < LEAST_CLOCK_STEP_MS',
    'Math.abs(byMs) > 0',
  ),
  bug(
    'an incident stays about what is over',
    'leaving-members.ts',
    "    case 'same-device':\n      return true;",
    "    case 'same-device':\n      return false;",
  ),
  bug(
    'a look at everything ends with its first incidents',
    'engine.ts',
    'const hasMore = this.#unlooked.length > 0;',
    'const hasMore = this.#unlooked.splice(0).length < 0;',
  ),
  bug(
    'planned work hides nothing',
    'maintenance.ts',
    'window.startsAt <= now && now < window.endsAt && covers(window, device)',
    'window.startsAt <= now && now < window.startsAt && covers(window, device)',
  ),
  bug(
    'a restart takes old knowledge for fresh',
    'engine.ts',
    "          loseSight(this, this.state.leaseAt ?? this.now, 'service-restarted');\n",
    '',
  ),
  bug(
    'a message with an error in it counts as sent',
    'channels/dingtalk.ts',
    'if (answer?.errcode !== 0) return',
    'if (answer === null) return',
  ),
  bug(
    'a start from a snapshot leaves out the entry behind it',
    'engine-shell.ts',
    '    }, options.start?.sequence);',
    '    }, options.start ? options.start.sequence + 1 : 0);',
  ),
  bug(
    'a service that is cut off takes the network for dead',
    'own-sight.ts',
    '  const { lost, unasked } = entriesOf(deciding);',
    "  return 'seen';\n  const { lost, unasked } = entriesOf(deciding);",
  ),
  bug(
    'no power feed is the common cause of anything',
    'dark-feeds.ts',
    'export const LEAST_LOST_ENTRIES = 2;',
    'export const LEAST_LOST_ENTRIES = 99;',
  ),
];
