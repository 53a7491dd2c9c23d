import { PersonQuestion } from './acknowledge.tsx';
import { announcement } from './acting-person.ts';
import { Counters } from './counters.tsx';
import { Inbox, Lab } from './demo-parts.tsx';
import { Devices } from './device-list.tsx';
import { connection } from './event-source.ts';
import { OpenIncidents, ResolvedIncidents } from './incident-list.tsx';
import { isAnswering, staleForMs } from './live-data.ts';
import { Panel } from './panel.tsx';
import { route } from './route.ts';
import { Banners, TopBar } from './top-bar.tsx';

/** The whole page. While the picture is old, nothing on it is green. */
export function Console() {
  const isStale =
    staleForMs.value !== null || !isAnswering.value || connection.value === 'reconnecting';
  const classes = ['frame'];
  if (isStale) classes.push('is-stale');
  if (route.value.view !== 'overview') classes.push('has-panel');
  return (
    <div class={classes.join(' ')}>
      <TopBar />
      <Banners />
      <main>
        <Counters />
        <div class="columns">
          <div class="column">
            <OpenIncidents />
            <ResolvedIncidents />
            <Inbox />
          </div>
          <div class="column column-side">
            <Lab />
            <Devices />
          </div>
        </div>
      </main>
      <Panel />
      <PersonQuestion />
      <p class="unseen" aria-live="polite">
        {announcement.value}
      </p>
    </div>
  );
}
