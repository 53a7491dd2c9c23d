import dgram from 'node:dgram';
import { Registry } from 'prom-client';
import { createSelfMetrics, type SelfMetrics } from '../../collector/self-metrics.ts';
import type { RequestBounds, SnmpClient } from '../../collector/snmp-client.ts';
import type { LineOptions } from '../../collector/transport/line.ts';
import {
  createTransport,
  type Transport,
  type TransportOptions,
} from '../../collector/transport/transport.ts';
import { createWireClient } from '../../collector/wire-client.ts';
import type { Credential, Secret } from '../../config/model.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { loadNativeUdp } from '../../lib/udp/native-udp.ts';
import type { Network } from '../../lib/world.ts';

export const network: Network = {
  createSocket: (options) => dgram.createSocket(options),
  batchedUdp: loadNativeUdp(),
};

export function secret(value: string): Secret {
  return { source: 'plain:<secret>', reveal: () => value };
}

export function community(value: string, version: 'v1' | 'v2c' = 'v2c'): Credential {
  return { id: `${version}-${value}`, version, community: secret(value) };
}

export function authPriv(
  user: string,
  authenticationPassword: string,
  privacyPassword: string,
  protocols: Partial<Credential & { version: 'v3' }> = {},
): Credential {
  return {
    id: user,
    version: 'v3',
    user,
    level: 'authPriv',
    authentication: 'sha1',
    authenticationPassword: secret(authenticationPassword),
    privacy: 'aes128',
    privacyPassword: secret(privacyPassword),
    contextName: '',
    ...protocols,
  };
}

export function bounds(
  withinMs = 20 * SECOND,
  signal = new AbortController().signal,
): RequestBounds {
  return { deadlineMs: systemClock.monotonicMs() + withinMs, signal };
}

export interface CountedClient {
  readonly client: SnmpClient;
  readonly selfMetrics: SelfMetrics;
  /** Value of one of the collector's own counters. */
  count(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

export function countedMetrics(): Omit<CountedClient, 'client'> {
  const registry = new Registry();
  return {
    selfMetrics: createSelfMetrics(registry),
    async count(name, labels = {}) {
      const metric = await registry.getSingleMetric(`threenines_${name}`)?.get();
      const value = metric?.values.find((entry) =>
        Object.entries(labels).every(([key, text]) => entry.labels[key] === text),
      );
      return value?.value ?? Number.NaN;
    },
  };
}

export type ClientOptions = Partial<
  Pick<LineOptions, 'address' | 'timeoutMs' | 'retries' | 'replyFromAnyAddress'> & TransportOptions
>;

/** A client over sockets of its own, which close with it. */
export function openClient(
  port: number,
  credential: Credential,
  options: ClientOptions = {},
): CountedClient {
  const counted = countedMetrics();
  const transport = createTransport({
    clock: systemClock,
    random: systemRandom,
    network,
    selfMetrics: counted.selfMetrics,
    log: silentLogger,
    ...options,
  });
  const client = clientOn(transport, port, credential, options);
  const close = () => {
    client.close();
    transport.close();
  };
  return { client: { ...bound(client), close }, ...counted };
}

/** A client over the sockets of a transport. */
export function clientOn(
  transport: Transport,
  port: number,
  credential: Credential,
  options: ClientOptions = {},
): SnmpClient {
  return createWireClient({
    address: options.address ?? '127.0.0.1',
    port,
    credential,
    timeoutMs: options.timeoutMs ?? 2 * SECOND,
    retries: options.retries ?? 1,
    replyFromAnyAddress: options.replyFromAnyAddress ?? false,
    transport,
  });
}

function bound(client: SnmpClient): Omit<SnmpClient, 'close'> {
  return {
    get: (...request) => client.get(...request),
    getBulk: (...request) => client.getBulk(...request),
    walk: (...request) => client.walk(...request),
  };
}
