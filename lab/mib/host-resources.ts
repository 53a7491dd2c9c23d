import type { DeviceLife, Gauge } from '../device-life.ts';
import type { StorageShape } from '../devices/shape.ts';
import { type Instance, instance } from '../mib-view.ts';

const HR = '1.3.6.1.2.1.25';
const STORAGE_ENTRY = `${HR}.2.3.1`;
const DEVICE_ENTRY = `${HR}.3.2.1`;
const PROCESSOR_ENTRY = `${HR}.3.3.1`;

/** hrStorageTypes: RFC 2790. */
const STORAGE_TYPE = {
  ram: `${HR}.2.1.2`,
  'virtual-memory': `${HR}.2.1.3`,
  'fixed-disk': `${HR}.2.1.4`,
} as const;
const PROCESSOR_TYPE = `${HR}.3.1.3`;
const NO_PRODUCT = '0.0';
const RUNNING = 2;
const FIRST_PROCESSOR_INDEX = 196_608;
const PROCESS_COUNT = 184;

/** HOST-RESOURCES-MIB (RFC 2790): uptime, memory, storage, processors. */
export function hostInstances(life: DeviceLife): Instance[] {
  if (life.processors.length === 0) return [];
  const memory = life.storages.find(({ shape }) => shape.kind === 'ram');
  return [
    instance.timeTicks(`${HR}.1.1.0`, (nowMs) => life.uptimeMs(nowMs)),
    instance.gauge32(`${HR}.1.5.0`, () => 0),
    instance.gauge32(`${HR}.1.6.0`, () => PROCESS_COUNT),
    instance.integer(`${HR}.2.2.0`, () => kibibytes(memory?.shape.sizeBytes ?? 0)),
    ...life.storages.flatMap((storage, position) => storageRow(storage, position + 1)),
    ...life.processors.flatMap((processor, position) => processorRow(processor, position)),
  ];
}

function storageRow({ shape, at: usedRatio }: Gauge<StorageShape>, index: number): Instance[] {
  const units = Math.floor(shape.sizeBytes / shape.unitBytes);
  const at = (column: number) => `${STORAGE_ENTRY}.${column}.${index}`;
  return [
    instance.integer(at(1), () => index),
    instance.oid(at(2), () => STORAGE_TYPE[shape.kind]),
    instance.text(at(3), () => shape.name),
    instance.integer(at(4), () => shape.unitBytes),
    instance.integer(at(5), () => units),
    instance.integer(at(6), (nowMs) => Math.floor(units * Math.min(1, usedRatio(nowMs)))),
    instance.counter32(at(7), () => 0),
  ];
}

function processorRow({ at: load }: Gauge<number>, position: number): Instance[] {
  const index = FIRST_PROCESSOR_INDEX + position;
  const at = (column: number) => `${DEVICE_ENTRY}.${column}.${index}`;
  return [
    instance.integer(at(1), () => index),
    instance.oid(at(2), () => PROCESSOR_TYPE),
    instance.text(at(3), () => `Processor ${position + 1}`),
    instance.oid(at(4), () => NO_PRODUCT),
    instance.integer(at(5), () => RUNNING),
    instance.counter32(at(6), () => 0),
    instance.oid(`${PROCESSOR_ENTRY}.1.${index}`, () => NO_PRODUCT),
    instance.integer(`${PROCESSOR_ENTRY}.2.${index}`, (nowMs) =>
      Math.min(100, Math.round(load(nowMs) * 100)),
    ),
  ];
}

function kibibytes(bytes: number): number {
  return Math.floor(bytes / 1024);
}
