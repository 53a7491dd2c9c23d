import type { Config } from '../config/model.ts';

/** Listening on every address means that this machine reaches it on its own. */
const LOOPBACK_OF: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Where the service with that configuration answers programs on this machine; no trailing slash. */
export function serviceUrl({ service }: Config): string {
  const host = LOOPBACK_OF[service.listenHost] ?? service.listenHost;
  return `http://${host.includes(':') ? `[${host}]` : host}:${service.listenPort}`;
}
