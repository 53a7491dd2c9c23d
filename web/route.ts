import { signal } from '@preact/signals';

/** What is open beside the overview: `#/incidents/inc-000017`, `#/devices/core-1`, `#/reports`. */
export type Route =
  | { readonly view: 'overview' }
  | { readonly view: 'on-call' }
  | { readonly view: 'reports' }
  | { readonly view: 'incident'; readonly id: string }
  | { readonly view: 'device'; readonly id: string };

/** Address of who is on call. */
export const ON_CALL_HREF = '#/on-call';

/** Address of the reports in the console. */
export const REPORTS_HREF = '#/reports';

export const route = signal<Route>(parseRoute(location.hash));

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

/** Address of an incident in the console. */
export function incidentHref(id: string): string {
  return `#/incidents/${encodeURIComponent(id)}`;
}

/** Address of a device in the console. */
export function deviceHref(id: string): string {
  return `#/devices/${encodeURIComponent(id)}`;
}

/** Back to the overview alone. */
export function closePanel(): void {
  location.hash = '#/';
}

function parseRoute(hash: string): Route {
  if (hash === ON_CALL_HREF) return { view: 'on-call' };
  if (hash === REPORTS_HREF) return { view: 'reports' };
  const match = /^#\/(incidents|devices)\/([a-z0-9][a-z0-9._-]{0,62})$/.exec(hash);
  if (match === null) return { view: 'overview' };
  return { view: match[1] === 'incidents' ? 'incident' : 'device', id: match[2] as string };
}
