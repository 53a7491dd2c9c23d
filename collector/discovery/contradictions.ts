import type { Device, Link } from '../../config/model.ts';
import type { KnownDevice, LinkEnd, Linked } from './link-devices.ts';
import { findPort } from './read-neighbours.ts';

/** What is configured, and what LLDP and CDP were seen to say. */
interface Seen {
  readonly devices: readonly Device[];
  readonly links: readonly Link[];
  readonly known: readonly KnownDevice[];
  readonly linked: Linked;
}

const LEFT = 'the file is left as it is';

/**
 * Configured links and parents that the neighbours contradict, one sentence each, in the order of the
 * file. Only what was seen contradicts: a port at which nobody is heard says nothing.
 */
export function contradictionsOf(seen: Seen): string[] {
  const cables = new Cables(seen);
  const ofLinks = seen.links.flatMap(({ id, ends: [a, b] }) =>
    (
      [
        [a, b],
        [b, a],
      ] as const
    ).flatMap(([near, far]) => {
      const others = cables.atPort(near.deviceId, near.port);
      const wanted = { id: far.deviceId, port: cables.portName(far.deviceId, far.port) };
      if (others.length === 0 || others.some((other) => isSameEnd(other, wanted))) return [];
      return [
        `link ${id}: ${near.deviceId} ${near.port} is seen to lead to ${listOf(others)}, not to ${far.deviceId} ${far.port}; ${LEFT}`,
      ];
    }),
  );
  const ofParents = seen.devices.flatMap((device) =>
    device.parents.flatMap(({ deviceId, port }) =>
      contradictsParent(cables, device.id, deviceId, port),
    ),
  );
  return [...ofLinks, ...ofParents];
}

function contradictsParent(
  cables: Cables,
  id: string,
  parentId: string,
  port: string | null,
): string[] {
  const says = `${id}: the file says that it hangs on ${parentId}`;
  const atPort = port === null ? [] : cables.atPort(parentId, port);
  if (atPort.length > 0) {
    if (atPort.some((other) => other.id === id)) return [];
    return [`${says} ${port}, which is seen to lead to ${listOf(atPort)}; ${LEFT}`];
  }
  const others = cables.of(id);
  if (others.length === 0 || cables.of(parentId).length === 0) return [];
  if (others.some((other) => other.id === parentId)) return [];
  return [`${says}, but neither sees the other; it sees ${listOf(others)}; ${LEFT}`];
}

function isSameEnd(seen: LinkEnd, wanted: LinkEnd): boolean {
  if (seen.id !== wanted.id) return false;
  return seen.port === null || wanted.port === null || seen.port === wanted.port;
}

function listOf(ends: readonly LinkEnd[]): string {
  const texts = ends.map(({ id, port }) => (port === null ? id : `${id} ${port}`));
  return [...new Set(texts)]
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .join(', ');
}

/** What is at the other end of the ports of devices that were asked. */
class Cables {
  readonly #known: ReadonlyMap<string, KnownDevice>;
  readonly #byDevice = new Map<
    string,
    { readonly port: string | null; readonly other: LinkEnd }[]
  >();

  constructor({ known, linked }: Seen) {
    this.#known = new Map(known.map((device) => [device.id, device]));
    for (const { ends } of linked.links) {
      const [a, b] = ends;
      this.#add(a, b);
      this.#add(b, a);
    }
    for (const { seenBy, port, neighbour } of linked.strangers) {
      const id = neighbour.sysName || neighbour.chassisId || neighbour.addresses[0];
      if (id !== undefined) this.#add({ id: seenBy, port }, { id, port: null });
    }
  }

  /** Everything seen from the device; empty also where it was not asked. */
  of(deviceId: string): LinkEnd[] {
    if ((this.#known.get(deviceId)?.facts ?? null) === null) return [];
    return (this.#byDevice.get(deviceId) ?? []).map(({ other }) => other);
  }

  atPort(deviceId: string, port: string): LinkEnd[] {
    const name = this.portName(deviceId, port);
    return (this.#byDevice.get(deviceId) ?? []).flatMap((cable) =>
      cable.port === name ? [cable.other] : [],
    );
  }

  /** As the device itself calls the port that a person wrote. */
  portName(deviceId: string, port: string): string {
    const ports = this.#known.get(deviceId)?.facts?.ports ?? [];
    return findPort(ports, port)?.name ?? port;
  }

  #add({ id, port }: LinkEnd, other: LinkEnd): void {
    const own = this.#byDevice.get(id);
    if (own === undefined) this.#byDevice.set(id, [{ port, other }]);
    else own.push({ port, other });
  }
}
