import type { DeviceLife } from '../device-life.ts';
import { createMibView, type MibView } from '../mib-view.ts';
import { sensorInstances } from './entity-sensor.ts';
import { hostInstances } from './host-resources.ts';
import { interfaceInstances } from './if-mib.ts';
import { lldpInstances } from './lldp.ts';
import { type EngineFacts, systemInstances } from './system.ts';
import { upsInstances } from './ups-mib.ts';

/** Everything one device answers. */
export function deviceMib(life: DeviceLife, engine: EngineFacts): MibView {
  return createMibView([
    ...systemInstances(life, engine),
    ...interfaceInstances(life),
    ...lldpInstances(life),
    ...hostInstances(life),
    ...sensorInstances(life),
    ...upsInstances(life),
  ]);
}
