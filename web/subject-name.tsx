import type { ComponentChildren } from 'preact';
import { deviceHref } from './route.ts';

/** Whether a fault is about a device, and not about a redundancy group, a site or the service. */
export function isDevice(id: string): boolean {
  return !id.startsWith('_');
}

/** What a fault is about; a device leads to its page. */
export function SubjectName({ id, children }: { id: string; children: ComponentChildren }) {
  return isDevice(id) ? <a href={deviceHref(id)}>{children}</a> : <span>{children}</span>;
}
