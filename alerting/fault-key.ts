import type { FaultKind } from '../config/model.ts';

/** The identity of a fault: the same trouble in the same part has the same key each time. */
export function faultKeyOf(deviceId: string, component: string | null, kind: FaultKind): string {
  return `${deviceId}/${component ?? '*'}/${kind}`;
}

/** The device a fault is about. */
export function deviceOfFault(faultKey: string): string {
  return faultKey.slice(0, faultKey.indexOf('/'));
}

/**
 * The name of a part as its device has it: `Te1/1` of `port:Te1/1`. null for a part that a device has
 * only one of, such as the battery of a UPS: the fault already names it, in the reader's language.
 */
export function partNameOf(component: string | null): string | null {
  const alert = /^alert:[0-9a-f]{16}:(.*)$/s.exec(component ?? '');
  if (alert !== null) return alert[1]!;
  return component?.includes(':') ? component.slice(component.indexOf(':') + 1) : null;
}
