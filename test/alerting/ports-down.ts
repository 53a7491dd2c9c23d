import { say } from '../../lib/local-text.ts';
import type { Network } from './network.ts';

/** The device tells that these of its ports are down, and no others. */
export function tellsDown(network: Network, deviceId: string, ...ports: string[]): void {
  network.setConditions(
    deviceId,
    ports.map((port) => ({
      component: `port:${port}`,
      kind: 'port-down',
      level: 'warning',
      text: say(`port ${port} is down`, `端口 ${port} 已断开`),
      facts: { port, batteryMinutes: null, chargeRatio: null, value: null },
    })),
  );
}
