import type { FaultKind } from '../config/model.ts';

/** The identity of a fault: the same trouble in the same part has the same key each time. */
export function faultKeyOf(deviceId: string, component: string | null, kind: FaultKind): string {
  return `${deviceId}/${component ?? '*'}/${kind}`;
}

/** The device a fault is about. */
export function deviceOfFault(faultKey: string): string {
  return faultKey.slice(0, faultKey.indexOf('/'));
}
