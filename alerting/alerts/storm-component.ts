import type { Fault, Incident } from '../state.ts';

/**
 * The component of a storm of alerts: `alerts:general`, and `alerts:general:sil-000001` of what that
 * silence hides. `severity`: the word for the tier of its alerts.
 */
export function stormComponent(severity: string, silenceId: string | null): string {
  return ['alerts', severity, ...(silenceId === null ? [] : [silenceId])].join(':');
}

/** Whether the fault of that key is a storm of alerts. */
export function isStormKey(faultKey: string): boolean {
  return faultKey.endsWith('/alert-storm');
}

/** The word for the tier of a storm's alerts, as grading rules have it; null for another fault. */
export function stormSeverity({
  kind,
  component,
}: Pick<Fault, 'kind' | 'component'>): string | null {
  if (kind !== 'alert-storm') return null;
  return partsOf(component)[1] ?? null;
}

/** The silence that hides all alerts of the storm; null where none does. */
export function silenceOfStorm({
  rootKind,
  rootComponent,
}: Pick<Incident, 'rootKind' | 'rootComponent'>): string | null {
  if (rootKind !== 'alert-storm') return null;
  return partsOf(rootComponent)[2] ?? null;
}

function partsOf(component: string | null): readonly string[] {
  return component?.split(':') ?? [];
}
