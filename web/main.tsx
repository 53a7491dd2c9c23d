import { effect } from '@preact/signals';
import { render } from 'preact';
import { announcement } from './acting-person.ts';
import { Console } from './console.tsx';
import { followEvents } from './event-source.ts';
import { local, messages } from './language.ts';
import { openIncidents, refreshNow } from './live-data.ts';
import { route } from './route.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/incidents.css';
import './styles/devices.css';
import './styles/panel.css';
import './styles/duty.css';

render(<Console />, document.getElementById('console') as HTMLElement);

effect(() => {
  if (route.value.view !== 'overview') void refreshNow('detail');
});

/** The tab tells how many incidents nobody has taken over. */
effect(() => {
  const waiting = openIncidents.value.filter(({ status }) => status === 'open').length;
  document.title = waiting === 0 ? 'Threenines' : `(${waiting}) Threenines`;
});

/** New incidents are read out, but not those that were there when the page was opened. */
let known: ReadonlySet<string> | null = null;
effect(() => {
  const open = openIncidents.value;
  const fresh = known === null ? [] : open.filter(({ id }) => !known?.has(id));
  if (open.length > 0 || known !== null) known = new Set(open.map(({ id }) => id));
  const first = fresh[0];
  if (first) announcement.value = messages.peek().newIncident(first.tier, local(first.title));
});

void followEvents();

/** `/` goes to the search, as in many consoles; not while something is being typed. */
addEventListener('keydown', (event) => {
  const isTyping =
    event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.getElementById('search')?.focus();
});
