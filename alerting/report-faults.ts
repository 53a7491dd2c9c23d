import type { Deciding } from './deciding.ts';
import { faultKeyOf } from './fault-key.ts';
import { subjectOf } from './graph.ts';
import type { HeldReport } from './procedure.ts';
import type { EngineState } from './state.ts';
import { SERVICE_SUBJECT, siteSubject } from './subjects.ts';

/** The fault as which a customer's report is an incident of its own. */
export function ownFaultKeyOf(deciding: Deciding, report: HeldReport): string {
  return faultKeyOf(reportSubject(deciding, report), reportComponent(report), 'customer-report');
}

/** The site, so that no poll of a device can take for mended what a customer says. */
export function reportSubject(deciding: Deciding, { deviceId, siteId }: HeldReport): string {
  const device = deviceId === null ? null : subjectOf(deciding.requireGraph(), deviceId);
  const site = siteId ?? device?.siteId ?? null;
  return site === null ? SERVICE_SUBJECT : siteSubject(site);
}

/** The report that the fault with this key is, not one of its clocks; null when it is none. */
export function reportOfFault(state: EngineState, faultKey: string): HeldReport | null {
  const [, id = ''] = /\/report:([^/]+)\/customer-report$/.exec(faultKey) ?? [];
  return state.reports.get(id) ?? null;
}

/** `report:<id>`: the component of the fault, by which several of one site are told apart. */
export function reportComponent({ id }: HeldReport): string {
  return `report:${id}`;
}
