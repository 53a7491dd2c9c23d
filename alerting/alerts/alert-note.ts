import { webAddress } from '../../lib/web-address.ts';
import type { Fault } from '../state.ts';

/** What the rule of an alert says for whoever is paged. */
export interface AlertNote {
  /** Null where there is none, or where it is what the fault says already. */
  readonly description: string | null;
  /** A web address; null where there is none. */
  readonly runbookUrl: string | null;
}

const NO_NOTE: AlertNote = { description: null, runbookUrl: null };
const RUNBOOK_NAMES = ['runbook_url', 'runbook', 'runbookUrl'];

/** Of a fault that no alert told of there is nothing. */
export function alertNoteOf(fault: Pick<Fault, 'alert' | 'text'> | undefined): AlertNote {
  const annotations = fault?.alert?.annotations;
  if (fault === undefined || annotations === undefined) return NO_NOTE;
  const own = (name: string) => (Object.hasOwn(annotations, name) ? annotations[name]! : '');
  const description = own('description') || own('message');
  const isNews = description !== '' && description !== fault.text.en;
  const [runbookUrl = null] = RUNBOOK_NAMES.flatMap((name) => webAddress(own(name)) ?? []);
  return { description: isNews ? description : null, runbookUrl };
}
