import { computed } from '@preact/signals';
import type { Device, Health } from './api-types.ts';
import { after, nearlyNow } from './browser-clock.ts';
import { formatDuration } from './format.ts';
import { local, messages } from './language.ts';
import { deviceQuery, devices, refreshNow } from './live-data.ts';
import { HealthMark } from './marks.tsx';
import { punctuation } from './punctuation.ts';
import { deviceHref, route } from './route.ts';

/** Worst first. */
const BADNESS: readonly Health[] = ['down', 'unreachable', 'unknown', 'degraded', 'up'];

interface SiteGroup {
  readonly id: string;
  readonly name: string;
  readonly devices: readonly Device[];
  readonly counts: ReadonlyMap<Health, number>;
}

const groups = computed<readonly SiteGroup[]>(() => {
  const bySite = new Map<string, Device[]>();
  for (const device of devices.value?.items ?? []) {
    const list = bySite.get(device.siteId);
    if (list) list.push(device);
    else bySite.set(device.siteId, [device]);
  }
  const sites = [...bySite].map(([id, list]) => groupOf(id, list));
  return sites.toSorted((a, b) => trouble(b) - trouble(a) || a.name.localeCompare(b.name));
});

function groupOf(id: string, list: readonly Device[]): SiteGroup {
  const counts = new Map<Health, number>();
  for (const { health } of list) counts.set(health, (counts.get(health) ?? 0) + 1);
  const badness = (device: Device) => BADNESS.indexOf(device.health);
  const sorted = list.toSorted((a, b) => badness(a) - badness(b) || a.name.localeCompare(b.name));
  return { id, name: list[0]?.siteName ?? id, devices: sorted, counts };
}

/** Devices not up, the worse states weighing more. */
function trouble({ counts }: SiteGroup): number {
  return BADNESS.reduce((sum, health, index) => {
    const weight = health === 'up' ? 0 : BADNESS.length - index;
    return sum + weight * (counts.get(health) ?? 0);
  }, 0);
}

/** All devices by site, sites in trouble first, with a search. */
export function Devices() {
  const text = messages.value;
  const list = devices.value;
  return (
    <section aria-labelledby="devices-title" class="devices">
      <h2 id="devices-title">{text.devices}</h2>
      <DeviceFilter />
      {list === null ? <p class="quiet">{text.loading}</p> : null}
      {list !== null && list.items.length === 0 ? (
        <p class="quiet empty">{text.noDevices}</p>
      ) : null}
      {groups.value.map((group) => (
        <Site key={group.id} group={group} />
      ))}
      {list !== null && list.nextCursor !== null ? (
        <p class="quiet">{text.moreDevices(list.items.length)}</p>
      ) : null}
    </section>
  );
}

/** Typing is read as a whole once it pauses. */
const TYPING_PAUSE_MS = 200;
let cancelSearch = () => {};

function search(text: string): void {
  deviceQuery.value = { ...deviceQuery.value, text: text.trim().slice(0, 100) };
  cancelSearch();
  cancelSearch = after(TYPING_PAUSE_MS, () => void refreshNow('devices'));
}

function DeviceFilter() {
  const text = messages.value;
  return (
    <search class="filter">
      <input
        type="search"
        id="search"
        placeholder={text.search}
        aria-label={text.search}
        onInput={(event) => search(event.currentTarget.value)}
      />
      <select
        aria-label={text.filter}
        value={deviceQuery.value.health}
        onChange={(event) => {
          deviceQuery.value = { ...deviceQuery.value, health: event.currentTarget.value };
          void refreshNow('devices');
        }}
      >
        <option value="">{text.filterAll}</option>
        <option value="not-up">{text.filterProblems}</option>
        {BADNESS.map((health) => (
          <option key={health} value={health}>
            {text.health[health]}
          </option>
        ))}
      </select>
    </search>
  );
}

function Site({ group }: { group: SiteGroup }) {
  return (
    <div class="site">
      <h3>
        {group.name}
        <span class="site-counts">
          {BADNESS.filter((health) => group.counts.has(health)).map((health) => (
            <span key={health} title={messages.value.health[health]}>
              <HealthMark health={health} />
              {group.counts.get(health)}
              <span class="unseen"> {messages.value.health[health]}</span>
            </span>
          ))}
        </span>
      </h3>
      <ul class="rows">
        {group.devices.map((device) => (
          <li key={device.id}>
            <DeviceRow device={device} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function DeviceRow({ device }: { device: Device }) {
  const text = messages.value;
  const isShown = route.value.view === 'device' && route.value.id === device.id;
  const since =
    device.healthSince === null ? null : nearlyNow.value - Date.parse(device.healthSince);
  return (
    <a
      class={`row device-row health-${device.health}${isShown ? ' is-shown' : ''}`}
      href={deviceHref(device.id)}
    >
      <HealthMark health={device.health} />
      <span class="row-main">{device.name}</span>
      <span class="row-role quiet">{local(device.roleName)}</span>
      <span class="row-state">
        {text.health[device.health]}
        {device.health === 'up' && device.openFaults > 0
          ? `${punctuation.value.comma}${text.faultCount(device.openFaults)}`
          : ''}
        {device.flapping ? `${punctuation.value.comma}${text.flapping}` : ''}
        {device.inMaintenance ? `${punctuation.value.comma}${text.inMaintenance}` : ''}
      </span>
      <span class="row-since quiet">{since === null ? '' : formatDuration(since)}</span>
    </a>
  );
}
