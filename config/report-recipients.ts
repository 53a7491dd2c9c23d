import { type Draft, entriesOf } from './draft.ts';
import type { Findings } from './findings.ts';
import type { OncallFile } from './oncall-schema.ts';
import { show } from './problem-text.ts';

/** Everyone whom threenines.yaml sends reports must be a person who can get mail. */
export function checkReportRecipients(
  findings: Findings,
  file: Draft<OncallFile>,
  personIds: readonly string[],
): void {
  const people = entriesOf(file.people).map(([, person]) => person);
  const channels = entriesOf(file.channels).map(([, channel]) => channel);
  const isMail = new Set(channels.filter(({ kind }) => kind === 'email').map(({ id }) => id));
  for (const personId of personIds) {
    const person = people.find(({ id }) => id === personId);
    const told = `threenines.yaml sends reports to ${show(personId)}`;
    if (person === undefined) {
      findings.error(['people'], `${told}, who is not among the people`);
    } else if (!entriesOf(person.contacts).some(([, text]) => isMail.has(text.split(' ')[0]!))) {
      findings.error(['people'], `${told}, who has no contact on a mail channel`);
    }
  }
}
