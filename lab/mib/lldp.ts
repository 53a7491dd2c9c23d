import { type DeviceLife, macAddressOf, type PortLife } from '../device-life.ts';
import { type Instance, instance } from '../mib-view.ts';

/** LLDP-MIB (IEEE 802.1AB-2005): lldpLocalSystemData and lldpRemoteSystemsData. */
const LOCAL = '1.0.8802.1.1.2.1.3';
const REMOTE = '1.0.8802.1.1.2.1.4';
/** LldpChassisIdSubtype macAddress, LldpPortIdSubtype interfaceName. */
const CHASSIS_IS_MAC = 4;
const PORT_IS_NAME = 5;

/** What the device says of itself to its neighbours, and what they said to it: gone while a port is down. */
export function lldpInstances(life: DeviceLife): Instance[] {
  return [
    instance.integer(`${LOCAL}.1.0`, () => CHASSIS_IS_MAC),
    instance.text(`${LOCAL}.2.0`, () => chassisOf(life.id)),
    instance.text(`${LOCAL}.3.0`, () => life.id),
    instance.text(`${LOCAL}.4.0`, () => life.shape.description),
    ...life.ports.flatMap((port) => [...localPort(port), ...neighbours(port)]),
  ];
}

function localPort({ index, shape, alias }: PortLife): Instance[] {
  return [
    instance.integer(`${LOCAL}.7.1.2.${index}`, () => PORT_IS_NAME),
    instance.text(`${LOCAL}.7.1.3.${index}`, () => shape.name),
    instance.text(`${LOCAL}.7.1.4.${index}`, () => alias),
  ];
}

/** lldpRemTable, indexed by time mark, local port and a number. */
function neighbours(port: PortLife): Instance[] {
  return port.peers.flatMap(({ deviceId, port: peerPort }, place) => {
    const at = (column: number) => `${REMOTE}.1.1.${column}.0.${port.index}.${place + 1}`;
    const whileUp =
      <Value>(value: Value) =>
      () =>
        port.state().up ? value : undefined;
    return [
      instance.integer(at(4), whileUp(CHASSIS_IS_MAC)),
      instance.text(at(5), whileUp(chassisOf(deviceId))),
      instance.integer(at(6), whileUp(PORT_IS_NAME)),
      instance.text(at(7), whileUp(peerPort ?? '')),
      instance.text(at(9), whileUp(deviceId)),
    ];
  });
}

function chassisOf(deviceId: string): Buffer {
  return macAddressOf(`${deviceId} chassis`);
}
